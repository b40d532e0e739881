// Where a scalar ends, which yaml-cpp does not say, and what a block scalar looks like.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/language/formatter/parts.h"

namespace ipaas::language::formatter {

struct ScalarSource {
  std::size_t end = 0;  ///< behind its last byte; of a block, behind its last line
  std::optional<BlockText> block;
  std::optional<std::size_t> header_comment;  ///< behind a block's `|` or `>`: where it begins
};

/// Nothing where the text does not hold the scalar's value.
[[nodiscard]] std::optional<ScalarSource> find_scalar(std::string_view text, const yaml::Piece& scalar);

}  // namespace ipaas::language::formatter
