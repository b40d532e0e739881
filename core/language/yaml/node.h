// A YAML document as it was written: every value and key with its place, scalars unresolved.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"

namespace ipaas::language::yaml {

class Node;

struct Entry {
  std::string key;  ///< as text, whatever its scalar type would be
  SourcePosition position;
  const Node* value = nullptr;  ///< never null
};

/// One value. An alias is the anchored node itself, so a node can be reached on several ways; it never contains itself.
class Node {
 public:
  struct Null {};
  struct Scalar {
    std::string text;
    bool plain = true;  ///< neither quoted nor a block: YAML's core schema gives it a type
  };
  using Items = std::vector<const Node*>;
  using Entries = std::vector<Entry>;
  using Value = std::variant<Null, Scalar, Items, Entries>;

  Node(SourcePosition position, std::size_t offset, Value value)
      : value_(std::move(value)), position_(position), offset_(offset) {}

  [[nodiscard]] SourcePosition position() const { return position_; }
  /// Bytes from the start of the text to the scalar's first character, its quote or `|` included, an anchor left out.
  [[nodiscard]] std::size_t offset() const { return offset_; }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(value_); }
  [[nodiscard]] const Scalar* scalar() const { return std::get_if<Scalar>(&value_); }
  [[nodiscard]] const Items* items() const { return std::get_if<Items>(&value_); }
  [[nodiscard]] const Entries* entries() const { return std::get_if<Entries>(&value_); }
  /// Of a mapping; nullptr if this is none or it has no such key.
  [[nodiscard]] const Entry* find(std::string_view key) const;

  /// Nodes below and including this one, aliases expanded.
  [[nodiscard]] std::size_t weight() const { return weight_; }
  /// Levels of sequences and mappings, aliases expanded: a scalar has none.
  [[nodiscard]] std::size_t height() const { return height_; }

 private:
  friend class TreeBuilder;

  Value value_;
  SourcePosition position_;
  std::size_t offset_ = 0;
  std::size_t weight_ = 1;
  std::size_t height_ = 0;
};

/// Owns its nodes. Immutable once read; movable, its nodes stay where they are.
struct Document {
  Document() = default;
  Document(Document&&) = default;  // a copy would point into the original
  Document& operator=(Document&&) = default;

  std::deque<Node> nodes;
  const Node* root = nullptr;  ///< nullptr for a document that holds nothing
  SourcePosition position;
  std::string_view text;    ///< of the whole stream, borrowed
  std::string_view source;  ///< this document's part of it; on its own it reads as the same document
};

/// The place of a scalar's byte `at`, as far as it can be told; otherwise the place of the scalar.
[[nodiscard]] SourcePosition position_within(const Document& document, const Node& scalar, std::size_t at);

/// "text", "a number", "a list" … for messages.
[[nodiscard]] std::string_view describe(const Node& node);

}  // namespace ipaas::language::yaml
