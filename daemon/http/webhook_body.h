// What a webhook carried, as the `event` context of expressions.
#pragma once

#include <string_view>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/security/signature.h"
#include "daemon/http/request.h"

namespace ipaas::daemon::http {

/// The body by its content type: JSON (application/json, …+json; malformed is an error of kind kInvalid), a form as an
/// object (a name that occurs twice becomes an array), other UTF-8 as text, other bytes as {base64: …}, nothing as null.
/// GitHub's form variant, `payload=<JSON>`, becomes that JSON.
[[nodiscard]] Result<JsonDocument> parse_body(std::string_view content_type, std::string_view body,
                                              security::Scheme scheme);

/// `body headers query method path id received_at`. Authorization and cookie headers are dropped, and so is the last part
/// of the path where it is the secret.
[[nodiscard]] JsonDocument event_payload(const Request& request, JsonDocument body, std::string_view delivery_id,
                                         Instant received_at, security::Scheme scheme = security::Scheme::kNone);

/// The scheme's id of this delivery, or nothing.
[[nodiscard]] std::string delivery_id_of(security::Scheme scheme, const Request& request, const Json& body);

}  // namespace ipaas::daemon::http
