// application/x-www-form-urlencoded (WHATWG URL, section 5.1), which is also how queries are written.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"

namespace ipaas::daemon::http {

/// An object of texts; a name that occurs more than once has an array. Bytes that are no UTF-8 become U+FFFD.
/// More than 1,000 pairs, or a broken percent-encoding, is an error.
[[nodiscard]] Result<Json> parse_form(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view bytes);
/// The text itself, or with U+FFFD in the place of what is no UTF-8.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

}  // namespace ipaas::daemon::http
