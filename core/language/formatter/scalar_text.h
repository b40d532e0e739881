// How a text is written on one line.
#pragma once

#include <string>

#include "core/language/yaml/layout.h"

namespace ipaas::language::formatter {

/// Between brackets fewer characters may stand unquoted.
enum class Style { kBlock, kFlow };

/// Plain where every reader of YAML finds the same value in it, else in double quotes, or in single ones where these
/// need fewer escapes. What was plain and is no text stays as it is.
[[nodiscard]] std::string scalar_text(const yaml::Piece& scalar, Style style);

/// Characters, as an editor counts columns.
[[nodiscard]] std::size_t width_of(std::string_view text);

}  // namespace ipaas::language::formatter
