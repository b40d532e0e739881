// Text from outside, made safe to show on a terminal and to write as one line of a log.
#pragma once

#include <string>
#include <string_view>

namespace ipaas {

enum class Newlines {
  kEscape,  ///< one line stays one line
  kKeep,    ///< for text that is shown as a block
};

/// Spells out what could move a cursor, recolour, reorder or forge a line: C0 and C1 controls (ESC, BEL, CR …), DEL,
/// bidirectional controls (U+061C, U+200E-F, U+202A-E, U+2066-9), U+2028-9, U+FEFF and bytes that are not UTF-8.
/// `\n`, `\r`, `\t` get their short names, other single bytes become `\x1b`, other code points `\u202e`.
[[nodiscard]] std::string escape_control(std::string_view text, Newlines newlines = Newlines::kEscape);

}  // namespace ipaas
