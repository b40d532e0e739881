// A place in a text that was not read from a file, shown to a person.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::cli {

/// The line and the character, both from 1, of a byte offset.
[[nodiscard]] SourcePosition position_at(std::string_view text, std::size_t offset);

struct Caret {
  std::string line;  ///< cut to what fits; control characters are spaces
  std::string mark;  ///< to be shown below it
};

/// The line with this byte, and a caret below it.
[[nodiscard]] Caret caret_at(std::string_view text, std::size_t offset);

}  // namespace ipaas::cli
