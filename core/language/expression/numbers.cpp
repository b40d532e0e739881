#include "core/language/expression/numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "core/language/expression/folding.h"

namespace ipaas::language {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Keeps the first 60 bits or more and one sticky bit of the rest, so that the one conversion at the end rounds right.
double parse_power_of_two(std::string_view digits, int bits_per_digit) {
  if (digits.empty()) return kNotANumber;
  std::uint64_t mantissa = 0;
  int exponent = 0;
  for (const char c : digits) {
    const int value = digit_value(c);
    if (value >= 1 << bits_per_digit) return kNotANumber;
    if (mantissa >> 59U == 0) {
      mantissa = mantissa << static_cast<unsigned>(bits_per_digit) | static_cast<unsigned>(value);
    } else {
      exponent += bits_per_digit;
      mantissa |= static_cast<std::uint64_t>(value != 0);
    }
  }
  return std::ldexp(static_cast<double>(mantissa), exponent);
}

// from_chars also takes `inf`, `nan` and their kin, and no `+`.
double parse_decimal(std::string_view text) {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text == "Infinity") return negative ? -kInfinity : kInfinity;
  if (text.empty() || !((text.front() >= '0' && text.front() <= '9') || text.front() == '.')) return kNotANumber;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return kNotANumber;
  if (error == std::errc::result_out_of_range) {
    // The value is untouched by from_chars here; strtod tells overflow from underflow.
    number = std::strtod(std::string(text).c_str(), nullptr);
  }
  return negative ? -number : number;
}

struct Decimal {
  std::string digits;  ///< without the point
  int point;           ///< the point stands after this many digits
};

Decimal shortest_digits(double number) {
  std::array<char, 32> buffer{};
  char* const limit = buffer.data() + buffer.size();
  const char* const end = std::to_chars(buffer.data(), limit, number, std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::size_t exponent_start = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + exponent_start, text.data() + text.size(), exponent);
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  return {std::move(digits), exponent + 1};
}

std::string scientific(const Decimal& decimal) {
  std::string text = decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  return text + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

}  // namespace

double parse_number(std::string_view text) {
  text = trim_space(text);
  if (text.empty()) return 0;
  if (text.starts_with("0x") || text.starts_with("0X")) return parse_power_of_two(text.substr(2), 4);
  if (text.starts_with("0o") || text.starts_with("0O")) return parse_power_of_two(text.substr(2), 3);
  return parse_decimal(text);
}

std::string exact_number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (number == 0) return "0";
  if (number < 0) return "-" + exact_number_text(-number);
  const Decimal decimal = shortest_digits(number);
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.point > 21 || decimal.point < -5) return scientific(decimal);
  if (decimal.point <= 0) return "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  if (decimal.point >= count) return decimal.digits + std::string(static_cast<std::size_t>(decimal.point - count), '0');
  const auto point = static_cast<std::size_t>(decimal.point);
  return decimal.digits.substr(0, point) + "." + decimal.digits.substr(point);
}

std::string number_text(double number) {
  // From 1e21 on ECMAScript's toFixed does not round, and a double has no fraction anyway from 2^53 on.
  if (!(std::abs(number) < 9007199254740992.0) || number == std::floor(number)) return exact_number_text(number);
  std::array<char, 40> fixed{};
  const auto end = std::to_chars(fixed.data(), fixed.data() + fixed.size(), number, std::chars_format::fixed, 15).ptr;
  double rounded = 0;
  std::from_chars(fixed.data(), end, rounded);
  return exact_number_text(rounded);
}

}  // namespace ipaas::language
