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

/// UTF-16 code units that the text would take.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// Takes one code point off the front. The text must not be empty.
[[nodiscard]] char32_t take_code_point(std::string_view& text);

/// Characters that are white space in the expression language and around numbers.
[[nodiscard]] bool is_space(char32_t code_point);

}  // namespace ipaas::language
