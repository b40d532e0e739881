// A document taken apart: its entries and items, each with where it begins and ends and the comments that belong to it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/yaml/layout.h"

namespace ipaas::language::formatter {

/// A comment on a line of its own.
struct CommentLine {
  std::string text;           ///< with its `#`
  bool blank_before = false;  ///< an empty line is above it
};

/// A block scalar as it is written, so that its line breaks stay.
struct BlockText {
  char style = '|';
  bool keep = false;               ///< `+`: all line breaks at its end belong to it
  std::vector<std::string> lines;  ///< without indentation, without empty ones at the end
};

/// An entry of a mapping, an item of a list, or the root.
struct Part {
  const yaml::Piece* key = nullptr;  ///< of an entry
  const yaml::Piece* value = nullptr;
  std::size_t start = 0;    ///< of its `-`, `?`, key or, for the root, value
  std::size_t end = 0;      ///< behind its last byte, comments left out
  std::vector<Part> parts;  ///< of a collection
  std::optional<BlockText> block;

  bool blank_before = false;          ///< an empty line is above it, below its leading comments
  std::vector<CommentLine> leading;   ///< above it
  std::vector<std::string> trailing;  ///< on its first line, and aligned below that
  std::vector<CommentLine> footer;    ///< below the last of its parts

  [[nodiscard]] bool is_block_collection() const { return value->is_collection() && !value->flow; }
};

/// From where to where a scalar is written: a `#` in it is no comment.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct TakenApart {
  Part root;
  std::vector<Stretch> scalars;              ///< in order
  std::vector<std::size_t> header_comments;  ///< of block scalars: where they begin
};

/// The text must be the one that the document was read from; the pieces are borrowed. Fails with `internal` where the
/// text is not what its events say.
[[nodiscard]] Result<TakenApart> take_apart(std::string_view text, const yaml::Piece& root);

}  // namespace ipaas::language::formatter
