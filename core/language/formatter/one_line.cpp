#include "core/language/formatter/one_line.h"

#include <algorithm>

namespace ipaas::language::formatter {
namespace {

using yaml::Piece;

bool has_comment(const Part& part) {
  return !part.footer.empty() || std::ranges::any_of(part.parts, [](const Part& child) {
    return !child.leading.empty() || !child.trailing.empty() || has_comment(child);
  });
}

/// What is in brackets, until there is no more room.
class Brackets {
 public:
  explicit Brackets(std::size_t room) : room_(room) {}

  std::optional<std::string> write(const Part& part) {
    add_parts(part);
    return fits() ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  [[nodiscard]] bool fits() const { return width_ <= room_; }

  void put(std::string_view text) {
    out_ += text;
    width_ += width_of(text);
  }

  void add(const Part& part) {
    const Piece& value = *part.value;
    if (value.anchor_id != 0 && value.kind != Piece::Kind::kAlias) put(anchor_of(value) + " ");
    switch (value.kind) {
      case Piece::Kind::kAlias:
        return put("*" + value.anchor);
      case Piece::Kind::kNull:
        return put("null");
      case Piece::Kind::kScalar:
        return put(scalar_text(value, Style::kFlow));
      case Piece::Kind::kSequence:
      case Piece::Kind::kMapping:
        return add_parts(part);
    }
  }

  void add_parts(const Part& part) {
    const bool mapping = part.value->kind == Piece::Kind::kMapping;
    if (part.parts.empty()) return put(mapping ? "{}" : "[]");
    put(mapping ? "{ " : "[");
    for (const Part& child : part.parts) {
      if (!fits()) return;
      if (&child != &part.parts.front()) put(", ");
      if (child.key != nullptr) put(key_text(*child.key, Style::kFlow) + ": ");
      add(child);
    }
    put(mapping ? " }" : "]");
  }

  std::size_t room_;
  std::size_t width_ = 0;
  std::string out_;
};

}  // namespace

std::string anchor_of(const Piece& piece) {
  return piece.anchor_id == 0 ? std::string() : "&" + piece.anchor;
}

void append_word(std::string& line, std::string_view word) {
  if (word.empty()) return;
  if (!line.empty() && line.back() != ' ') line += ' ';
  line += word;
}

std::string key_text(const Piece& key, Style style) {
  if (key.kind == Piece::Kind::kAlias) return "*" + key.anchor + " ";
  std::string text = anchor_of(key);
  append_word(text, scalar_text(key, style));
  return text;
}

std::optional<std::string> one_line(const Part& part, std::size_t room) {
  const Piece& value = *part.value;
  if (value.kind == Piece::Kind::kAlias) return "*" + value.anchor;
  if (value.kind == Piece::Kind::kNull) return value.written ? "null" : "";
  if (value.kind == Piece::Kind::kScalar) return scalar_text(value, Style::kBlock);
  if (part.parts.empty()) return value.kind == Piece::Kind::kMapping ? "{}" : "[]";
  if (!value.flow || has_comment(part)) return std::nullopt;
  return Brackets(room).write(part);
}

}  // namespace ipaas::language::formatter
