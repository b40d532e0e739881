#include "core/language/yaml/text_check.h"

#include <cstdint>

namespace ipaas::language::yaml {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< 0: not UTF-8
};

CodePoint decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first >= 0xF5 || at + length > text.size()) return {};
  char32_t value = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length};
}

bool printable(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r' || c == 0x85) return true;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
  return c != 0xFFFE && c != 0xFFFF;
}

Error refuse(SourcePosition position, char32_t value, bool utf8) {
  Error error;
  error.kind = ErrorKind::kInvalid;
  error.position = position;
  if (!utf8) {
    error.message = "this byte is not UTF-8";
    error.hint = "save the file as UTF-8";
    error.code = "not_utf8";
    return error;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string name = "U+";
  for (int shift = 12; shift >= 0; shift -= 4) name += kHex[(value >> shift) & 0xF];
  error.message = "the control character " + name + " cannot be in a workflow";
  error.hint = "remove it, or write it as an escape in a double-quoted text";
  error.code = "control_character";
  return error;
}

}  // namespace

std::optional<Error> check_text(std::string_view text) {
  SourcePosition position{1, 1};
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint found = decode(text, at);
    // yaml-cpp would take U+0004 for the end of the text and drop what follows.
    if (found.length == 0 || !printable(found.value)) return refuse(position, found.value, found.length != 0);
    at += found.length;
    if (found.value == '\n') {
      position = {position.line + 1, 1};
    } else {
      ++position.column;
    }
  }
  return std::nullopt;
}

}  // namespace ipaas::language::yaml
