// The texts of HTTP: what may stand in a header, and how text from elsewhere is quoted.
#pragma once

#include <string>
#include <string_view>

#include "core/base/letter_case.h"

namespace ipaas::connectors {

/// A method or the name of a header (RFC 9110 section 5.6.2).
[[nodiscard]] bool is_token(std::string_view text);

/// The value of a header: no control character but the tab, so that no second header or request can hide in it
/// (RFC 9110 section 5.5).
[[nodiscard]] bool is_field_value(std::string_view text);

[[nodiscard]] bool has_control_character(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text);

/// Well-formed UTF-8 (Unicode table 3-7).
[[nodiscard]] bool is_utf8(std::string_view text);

/// The first `length` characters of UTF-8 text on one line, control characters spelled out, with `…` where more follows.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t length);

}  // namespace ipaas::connectors
