// The failures of calls that a test can ask for, and what each means for the retry.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/engine/decide.h"

namespace ipaas::engine::testing {

/// Those that a call can fail with, an answer to a `wait-for` included.
[[nodiscard]] std::vector<std::string_view> call_error_codes();

/// The fact of such a failure, as the daemon makes it. With `retry_after` the receiver asks to wait.
[[nodiscard]] CallFailed call_failure(std::string_view code, std::string_view message,
                                      std::optional<Duration> retry_after, bool repeatable);

}  // namespace ipaas::engine::testing
