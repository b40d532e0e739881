// Values that are written on one line.
#pragma once

#include <optional>
#include <string>

#include "core/language/formatter/parts.h"
#include "core/language/formatter/scalar_text.h"

namespace ipaas::language::formatter {

/// `&name`, or nothing.
[[nodiscard]] std::string anchor_of(const yaml::Piece& piece);

/// Adds a word behind a space, if there are both.
void append_word(std::string& line, std::string_view word);

/// With its anchor; an alias ends in a space, since it would take a colon for a part of its name.
[[nodiscard]] std::string key_text(const yaml::Piece& key, Style style);

/// A scalar, an alias, a null or an empty collection; or what is in brackets, has no comment within and is at most
/// `room` characters wide. Without its anchor.
[[nodiscard]] std::optional<std::string> one_line(const Part& part, std::size_t room);

}  // namespace ipaas::language::formatter
