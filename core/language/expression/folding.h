// Text compared without regard to letter case.
//
// The rule is .NET's OrdinalIgnoreCase, which GitHub's runner uses: every code point is mapped to upper case by
// itself (simple mapping of Unicode 14: `ß` stays), `ı` and `ſ` stay, and what is left is compared by UTF-16 code
// units. Texts are UTF-8; a byte that is not part of a valid sequence counts as a character of its own.
#pragma once

#include <string>
#include <string_view>

namespace ipaas::language {

[[nodiscard]] char32_t fold(char32_t code_point);

/// Every code point folded. As the mapping is one to one, searching in folded text is searching without case.
[[nodiscard]] std::string fold(std::string_view text);

/// Negative, zero or positive, as the first text sorts before, with or after the second. Allocates nothing.
[[nodiscard]] int compare_folded(std::string_view left, std::string_view right);

[[nodiscard]] bool equal_folded(std::string_view left, std::string_view right);

/// Bytes of ASCII that take as long to fold: a byte beyond ASCII takes as long as eight.
[[nodiscard]] std::size_t folding_cost(std::string_view text);

/// The same of a comparison, which stops at the end of the shorter text.
[[nodiscard]] std::size_t comparison_cost(std::string_view left, std::string_view right);

/// UTF-16 code units that the text would take.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// Takes one code point off the front. The text must not be empty.
[[nodiscard]] char32_t take_code_point(std::string_view& text);

/// Characters that are white space in the expression language and around numbers.
[[nodiscard]] bool is_space(char32_t code_point);

/// Without the white space at both ends.
[[nodiscard]] std::string_view trim_space(std::string_view text);

/// In lower or upper case, each code point by itself (simple mapping of Unicode 14): `ß` stays, `ı` becomes `I`.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);

/// Code points; a byte that is not part of a valid sequence counts as one.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// No stray bytes, no overlong forms, no surrogates (RFC 3629).
[[nodiscard]] bool is_well_formed(std::string_view text);

/// Where this many code points from the start end, at most the end of the text.
[[nodiscard]] std::size_t code_point_offset(std::string_view text, std::size_t count);

}  // namespace ipaas::language
