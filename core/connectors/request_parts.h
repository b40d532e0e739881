// The parts of a request, from the values that a workflow gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/connectors/http_call.h"
#include "core/connectors/url.h"

namespace ipaas::connectors {

/// An object of scalars and lists of scalars as name-value pairs, a list as one pair an item; null is left out. `what`
/// names the object in errors (kInvalid, `input_invalid`), which quote no value.
[[nodiscard]] Result<QueryPairs> name_value_pairs(const Json& object, std::string_view what);

/// The same as headers. Names and values that could smuggle a second header are refused.
[[nodiscard]] Result<HeaderList> header_list(const Json& object);

/// The header is there, whatever its letter case.
[[nodiscard]] bool has_header(const HeaderList& headers, std::string_view lower_name);

struct RequestBody {
  std::string content_type;
  std::string bytes;
};

/// From the one of `json form text base64 multipart` that `inputs` has; nothing where it has none. The key makes the
/// boundary of a multipart body the same at every attempt.
[[nodiscard]] Result<std::optional<RequestBody>> request_body(const Json& inputs, std::string_view idempotency_key);

/// multipart/form-data (RFC 7578). `parts` is a list of `{name, text | base64 | value, filename, content-type}`, or an
/// object whose keys are the names and whose values are scalars or such objects.
[[nodiscard]] Result<RequestBody> multipart_body(const Json& parts, std::string_view idempotency_key);

/// Adds the body, and its content type where the headers name none.
void set_body(HttpCall& call, RequestBody body);

/// A method in upper case: a token, and not CONNECT, which is for proxies.
[[nodiscard]] Result<std::string> request_method(std::string_view text);

/// GET HEAD OPTIONS TRACE PUT DELETE (RFC 9110 section 9.2.2): sent twice they do what they do once.
[[nodiscard]] bool is_idempotent_method(std::string_view method);

}  // namespace ipaas::connectors
