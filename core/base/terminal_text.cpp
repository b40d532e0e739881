#include "core/base/terminal_text.h"

#include <cstdint>

namespace ipaas {
namespace {

/// One code point of the text, or one byte that belongs to none.
struct Unit {
  char32_t code = 0;
  std::size_t size = 1;
  bool valid = false;
};

/// Well-formed UTF-8 only (Unicode table 3-7): no overlong forms, surrogates or values beyond U+10FFFF.
Unit unit_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size == 0 || text.size() < size) return {first};
  char32_t code = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {first};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {first};
  return {code, size, true};
}

bool is_dangerous(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void append_hex(std::string& out, char32_t value, unsigned digits) {
  while (digits-- > 0) out += "0123456789abcdef"[value >> (4 * digits) & 15U];
}

void append_escaped(std::string& out, const Unit& unit) {
  if (unit.code == '\n') {
    out += "\\n";
  } else if (unit.code == '\r') {
    out += "\\r";
  } else if (unit.code == '\t') {
    out += "\\t";
  } else if (unit.code <= 0xFF) {
    out += "\\x";
    append_hex(out, unit.code, 2);
  } else {
    out += "\\u";
    append_hex(out, unit.code, 4);
  }
}

}  // namespace

std::string escape_control(std::string_view text, Newlines newlines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Unit unit = unit_at(text);
    const bool kept = unit.code == '\n' ? newlines == Newlines::kKeep : unit.valid && !is_dangerous(unit.code);
    if (kept) {
      out += text.substr(0, unit.size);
    } else {
      append_escaped(out, unit);
    }
    text.remove_prefix(unit.size);
  }
  return out;
}

}  // namespace ipaas
