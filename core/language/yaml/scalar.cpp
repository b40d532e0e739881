#include "core/language/yaml/scalar.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace ipaas::language::yaml {
namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

double to_double(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc::result_out_of_range) return value;
  // Out of range says neither whether too large nor too small; the exponent's sign does.
  return text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos
             ? 0.0
             : std::numeric_limits<double>::infinity();
}

Json unsigned_or_double(std::string_view digits, int base) {
  std::uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value, base).ec == std::errc()) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return static_cast<std::int64_t>(value);
    }
    return value;
  }
  double sum = 0;
  for (const char c : digits) {
    const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    sum = sum * base + digit;
  }
  return sum;
}

/// `0o17` and `0x1F`, which take no sign.
std::optional<Json> based_integer(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return std::nullopt;
  const std::string_view digits = text.substr(2);
  if (text[1] == 'o' && digits.find_first_not_of("01234567") == std::string_view::npos) {
    return unsigned_or_double(digits, 8);
  }
  if (text[1] == 'x' && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
    return unsigned_or_double(digits, 16);
  }
  return std::nullopt;
}

Json signed_integer(std::string_view digits, bool negative) {
  const Json magnitude = unsigned_or_double(digits, 10);
  if (!negative) return magnitude;
  if (magnitude.is_number_integer() && !magnitude.is_number_unsigned()) return -magnitude.get<std::int64_t>();
  return -magnitude.get<double>();
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
std::optional<Json> decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t whole = digits_at(text, 0);
  if (whole > 0 && whole == text.size()) return signed_integer(text, negative);
  std::size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (whole + fraction == 0) return std::nullopt;
    at += 1 + fraction;
  } else if (whole == 0) {
    return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return std::nullopt;
    at += exponent;
  }
  if (at != text.size()) return std::nullopt;
  const double value = to_double(text);
  return negative ? -value : value;
}

}  // namespace

Json resolve(const Node::Scalar& scalar) {
  const std::string& text = scalar.text;
  if (!scalar.plain) return text;
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (one_of(text, {"true", "True", "TRUE"})) return true;
  if (one_of(text, {"false", "False", "FALSE"})) return false;
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  if (one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return std::numeric_limits<double>::infinity();
  if (one_of(text, {"-.inf", "-.Inf", "-.INF"})) return -std::numeric_limits<double>::infinity();
  if (auto number = based_integer(text)) return *number;
  if (auto number = decimal(text)) return *number;
  return text;
}

}  // namespace ipaas::language::yaml
