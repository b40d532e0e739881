// A reply as expressions and outputs see it.
#pragma once

#include "core/base/json.h"
#include "core/connectors/http_call.h"

namespace ipaas::connectors {

/// `{status, headers, body}`.
///
/// `headers` is an object with names in lower case; a header that came several times is joined with `, ` as RFC 9110
/// section 5.2 allows, and `set-cookie`, where a comma would be ambiguous, with a line break. `body` is the JSON of an
/// answer that says so (application/json or +json) and keeps its word, else text where it is UTF-8, else
/// `{base64: …}`.
[[nodiscard]] Json reply_view(const HttpReply& reply);

/// The value of the first header of that name, or an empty text. `name` is in lower case.
[[nodiscard]] std::string_view reply_header(const HttpReply& reply, std::string_view name);

}  // namespace ipaas::connectors
