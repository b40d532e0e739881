// The envelope of every answer: {"success","data","meta"} or {"success","error","meta"}.
#pragma once

#include <string_view>

#include "cli/api/client.h"

namespace ipaas::cli {

/// The data of a success, or one error for each detail of a refusal. Whatever else answers on the socket is an error
/// too.
[[nodiscard]] ResultOrErrors<Answer> open_envelope(int status, std::string_view body);

/// One of the `details` of a refusal, or a warning. Where it has no code of its own, `fallback_code` is it.
[[nodiscard]] Error error_of(const Json& detail, ErrorKind kind, const std::string& fallback_code = {});

}  // namespace ipaas::cli
