// Changes of a workflow as lines that a person reads, secrets masked.
#pragma once

#include <string>
#include <vector>

#include "core/language/difference.h"
#include "core/security/masker.h"

namespace ipaas::cli {

/// One line: `+` came, `-` went, `~` is another now; a blank for a line in between.
struct DifferenceLine {
  char mark = ' ';
  std::string text;  ///< may hold control characters
};

enum class ChangeLayout {
  kOneLine,   ///< `~ path: before -> after`, where that is short
  kTwoLines,  ///< `- path: before` and `+ path: after`, as a diff; `!` in the place of `~`
};

/// A few lines a change; long texts and long blocks are cut, and say so. A text of several lines is shown by the lines
/// that differ. What is called like a secret is replaced whole.
[[nodiscard]] std::vector<DifferenceLine> difference_lines(const std::vector<language::Change>& changes,
                                                           const security::Masker& masker, ChangeLayout layout);

/// The values of a change with their secrets replaced.
[[nodiscard]] language::Change masked(const language::Change& change, const security::Masker& masker);

}  // namespace ipaas::cli
