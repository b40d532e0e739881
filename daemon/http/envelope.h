// The one envelope of every answer:
// {"success":true,"data":…,"meta":{"request_id":…}} or {"success":false,"error":{"code","message","details"},"meta":…}.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "daemon/http/response.h"

namespace ipaas::daemon::http {

[[nodiscard]] Response ok(const nlohmann::ordered_json& data, int status = 200);

/// `data` is JSON text already. The quick way of webhooks.
[[nodiscard]] Response ok_text(std::string data, int status = 200);

/// One page of a list; an empty cursor means that it is the last.
[[nodiscard]] Response page(const nlohmann::ordered_json& data, std::string_view next_cursor);

/// Status and code follow from the kind, and from `error.code` where that is `rate_limited` (429),
/// `unsupported_encoding` (415) or `precondition_failed` (412). `details` holds one object an error, with what is known
/// of message, code, hint, file, line and column. What can be tried again carries Retry-After; an internal error's
/// message is not told.
[[nodiscard]] Response error(const Error& error);
[[nodiscard]] Response errors(const std::vector<Error>& errors);

/// What `details` holds of an error; a warning in an answer looks the same.
[[nodiscard]] nlohmann::ordered_json error_detail(const Error& error);

/// For who came with a link or a signature: where the disk is and what is wrong with it is the operator's business, so all
/// that cannot be done now says `unavailable`.
[[nodiscard]] Error for_strangers(const Error& error, std::string_view unavailable);

/// A refusal of the server itself, such as 408 or 431, which no ErrorKind names.
[[nodiscard]] Response refusal(int status, std::string_view code, std::string_view message);

/// Without an envelope: a provider's challenge, the console, metrics.
[[nodiscard]] Response raw(int status, std::string content_type, std::string body);
[[nodiscard]] Response empty(int status);

}  // namespace ipaas::daemon::http
