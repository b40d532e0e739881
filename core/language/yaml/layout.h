// A YAML document as it is laid out: what a formatter needs and a reader of values does not, aliases and anchors kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ipaas::language::yaml {

/// One value or key where it is written. All offsets are bytes from the start of the text.
struct Piece {
  enum class Kind { kNull, kAlias, kScalar, kSequence, kMapping };
  Kind kind = Kind::kNull;
  std::size_t begin = 0;        ///< of its anchor, if it has one, else of its content
  std::size_t content = 0;      ///< of what follows the anchor
  std::string anchor;           ///< the name that it carries; of an alias: the name that it uses
  std::size_t anchor_id = 0;    ///< the same for a definition and what uses it; 0: none
  std::string text;             ///< of a scalar: its value
  bool plain = false;           ///< of a scalar: neither quoted nor a block
  bool written = false;         ///< of a null: there is a word for it, such as `null` or `~`
  bool flow = false;            ///< of a list or a mapping: `[…]` or `{…}`
  std::vector<Piece> children;  ///< items; of a mapping: key, value, key, value …

  [[nodiscard]] bool is_collection() const { return kind == Kind::kSequence || kind == Kind::kMapping; }
};

struct LaidOutDocument {
  std::size_t begin = 0;  ///< of its `---`, if it has one, else of its first token
  Piece root;             ///< a null that is not written where the document is empty
};

/// Of a text that `yaml::read` finds nothing wrong with, less its byte order mark. Fails where yaml-cpp refuses it.
[[nodiscard]] Result<std::vector<LaidOutDocument>> read_layout(std::string_view text);

/// Behind the name of the anchor or alias whose `&` or `*` is at `at`.
[[nodiscard]] std::size_t end_of_anchor(std::string_view text, std::size_t at);

}  // namespace ipaas::language::yaml
