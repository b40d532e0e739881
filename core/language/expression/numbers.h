// Numbers as the expression language reads and writes them, which is as ECMAScript does (ECMA-262 StringToNumber,
// Number::toString).
#pragma once

#include <string>
#include <string_view>

namespace ipaas::language {

/// Decimal with fraction and exponent, `0x` and `0o` without a sign, `Infinity`, white space around it; nothing but
/// white space is 0. What is not a number is NaN.
[[nodiscard]] double parse_number(std::string_view text);

/// The fewest digits that read back as the same number: `1e+21`, `0.1`, `NaN`, and `0` for negative zero.
[[nodiscard]] std::string exact_number_text(double number);

/// As exact_number_text, with at most 15 digits after the point: 0.30000000000000004 is `0.3`. This is how a number
/// becomes text in `format`, `join`, interpolation and as a key.
[[nodiscard]] std::string number_text(double number);

}  // namespace ipaas::language
