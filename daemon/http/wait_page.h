// The pages behind a wait link: plain HTML that needs no script, no other file and no wide screen.
#pragma once

#include <optional>
#include <string_view>

#include "core/service/waits.h"
#include "daemon/http/response.h"

namespace ipaas::daemon::http {

/// What is asked, and the buttons that answer it; looking decides nothing. The message is masked already.
[[nodiscard]] Response question_page(const service::Wait& wait, Instant now);

/// A sentence or two, such as that it has been decided already, and what it was about, where that is known.
[[nodiscard]] Response notice_page(int status, std::string_view title, std::string_view text,
                                   const std::optional<service::Wait>& about = {});

}  // namespace ipaas::daemon::http
