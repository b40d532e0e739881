#include "core/base/encoding.h"

#include <array>
#include <cstdint>

namespace ipaas {
namespace {

constexpr std::string_view kStandardDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

using DigitValues = std::array<std::uint8_t, 256>;

constexpr DigitValues values_of(std::string_view digits) {
  DigitValues values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr DigitValues kStandardValues = values_of(kStandardDigits);
constexpr DigitValues kUrlValues = values_of(kUrlDigits);

constexpr DigitValues hex_values() {
  DigitValues values = values_of(kHexDigits);
  for (std::uint8_t i = 10; i < 16; ++i) values['A' + i - 10U] = i;
  return values;
}
constexpr DigitValues kHexValues = hex_values();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
}

/// The digits without their padding, or nothing where the padding is wrong.
std::optional<std::string_view> without_padding(std::string_view text) {
  const std::size_t end = text.find('=');
  if (end == std::string_view::npos) return text;
  const std::string_view padding = text.substr(end);
  if (text.size() % 4 != 0 || (padding != "=" && padding != "==")) return std::nullopt;
  return text.substr(0, end);
}

}  // namespace

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet) {
  const std::string_view digits = alphabet == Base64Alphabet::kStandard ? kStandardDigits : kUrlDigits;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte_at(bytes, i) << 16U | byte_at(bytes, i + 1) << 8U | byte_at(bytes, i + 2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text += digits[group >> shift & 63U];
  }
  const std::size_t missing = (3 - bytes.size() % 3) % 3;
  text.resize(text.size() - missing);
  if (alphabet == Base64Alphabet::kStandard) text.append(missing, '=');
  return text;
}

std::optional<std::string> base64_decode(std::string_view text, Base64Alphabet alphabet) {
  const DigitValues& values = alphabet == Base64Alphabet::kStandard ? kStandardValues : kUrlValues;
  const std::optional<std::string_view> digits = without_padding(text);
  if (!digits || digits->size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits->size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char digit : *digits) {
    const std::uint8_t value = values[static_cast<unsigned char>(digit)];
    if (value == kNoDigit) return std::nullopt;
    group = (group << 6U | value) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xFFU);
    }
  }
  // Two texts for the same bytes would make two signatures of one.
  if ((group & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string hex_encode(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kHexDigits[value >> 4U];
    text += kHexDigits[value & 15U];
  }
  return text;
}

std::optional<std::string> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = kHexValues[static_cast<unsigned char>(text[i])];
    const std::uint8_t low = kHexValues[static_cast<unsigned char>(text[i + 1])];
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

}  // namespace ipaas
