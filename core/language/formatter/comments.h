// The comments of a document, each given to what it speaks of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/language/formatter/lines.h"
#include "core/language/formatter/parts.h"

namespace ipaas::language::formatter {

/// A document's part of the text.
struct Region {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What a document has beside its values.
struct Surroundings {
  std::vector<std::string> directives;     ///< `%YAML 1.2`, in front of this document's `---`
  std::vector<CommentLine> before_marker;  ///< comments above the directives
  std::vector<CommentLine> header;         ///< comments above the first value
  bool blank_after_header = false;
};

/// Finds the comments in the document's part of the text and puts them into its parts.
/// A comment behind something belongs to it. One on a line of its own belongs to what follows, or, where it is further
/// in than that, to the collection that ends above it. `next_directives` takes those in front of the next document.
[[nodiscard]] Surroundings attach_comments(std::string_view text, const Lines& lines, Region region,
                                           TakenApart& document, std::vector<std::string>& next_directives);

/// All comments of a document as they are written, to compare.
[[nodiscard]] std::vector<std::string> list_comments(std::string_view text, Region region, const TakenApart& document);

}  // namespace ipaas::language::formatter
