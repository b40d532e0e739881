#include "core/language/formatter/parts.h"

#include <algorithm>

#include "core/language/formatter/scalar_source.h"

namespace ipaas::language::formatter {
namespace {

using yaml::Piece;

/// Thrown and caught in this file: the text is not what its events say.
struct Unexpected {
  std::size_t at;
};

class Dissection {
 public:
  explicit Dissection(std::string_view text) : text_(text) {}

  TakenApart run(const Piece& root) {
    result_.root.value = &root;
    result_.root.start = root.begin;
    result_.root.end = measure(root, root.begin, result_.root);
    return std::move(result_);
  }

 private:
  /// The end of a value that is not before `from`; its parts go into `owner`.
  std::size_t measure(const Piece& piece, std::size_t from, Part& owner) {
    switch (piece.kind) {
      case Piece::Kind::kNull:
        return end_of_null(piece, from);
      case Piece::Kind::kAlias:
        return yaml::end_of_anchor(text_, piece.begin);
      case Piece::Kind::kScalar:
        return end_of_scalar(piece, &owner);
      case Piece::Kind::kSequence:
        return piece.flow ? flow(piece, owner) : block_sequence(piece, owner);
      case Piece::Kind::kMapping:
        return piece.flow ? flow(piece, owner) : block_mapping(piece, owner);
    }
    return from;
  }

  std::size_t end_of_null(const Piece& piece, std::size_t from) const {
    if (piece.written) return std::min(text_.find_first_of(" \t\n,]}", piece.content), text_.size());
    return piece.anchor_id != 0 ? yaml::end_of_anchor(text_, piece.begin) : from;
  }

  std::size_t end_of_scalar(const Piece& piece, Part* owner) {
    const auto source = find_scalar(text_, piece);
    if (!source) throw Unexpected{piece.content};
    result_.scalars.push_back({piece.content, source->end});
    if (source->header_comment) result_.header_comments.push_back(*source->header_comment);
    if (owner != nullptr) owner->block = source->block;
    return source->end;
  }

  std::size_t block_sequence(const Piece& piece, Part& owner) {
    std::size_t at = piece.content;
    owner.parts.reserve(piece.children.size());
    for (const Piece& child : piece.children) {
      Part& item = owner.parts.emplace_back();
      item.value = &child;
      item.start = find(at, '-');
      item.end = at = measure(child, item.start + 1, item);
    }
    return at;
  }

  std::size_t block_mapping(const Piece& piece, Part& owner) {
    std::size_t at = piece.content;
    owner.parts.reserve(piece.children.size() / 2);
    for (std::size_t i = 0; i + 1 < piece.children.size(); i += 2) {
      at = entry(piece.children[i], piece.children[i + 1], at, owner);
    }
    return at;
  }

  std::size_t entry(const Piece& key, const Piece& value, std::size_t from, Part& owner) {
    Part& made = owner.parts.emplace_back();
    made.key = &key;
    made.value = &value;
    const std::size_t first = skip(from);
    const bool question = first < key.begin && text_[first] == '?';
    made.start = question ? first : key.begin;
    std::size_t at =
        key.kind == Piece::Kind::kScalar ? end_of_scalar(key, nullptr) : yaml::end_of_anchor(text_, key.begin);
    // `? key` and, in a flow, `key` may stand alone.
    const std::size_t colon = skip(at);
    if (colon < text_.size() && text_[colon] == ':') at = colon + 1;
    return made.end = measure(value, at, made);
  }

  std::size_t flow(const Piece& piece, Part& owner) {
    // `[a: b]` is a list of a mapping that has no brackets.
    const bool mapping = piece.kind == Piece::Kind::kMapping;
    const bool bare = mapping && (piece.content >= text_.size() || text_[piece.content] != '{');
    std::size_t at = bare ? piece.content : piece.content + 1;
    owner.parts.reserve(piece.children.size());
    for (std::size_t i = 0; i < piece.children.size(); i += mapping ? 2 : 1) {
      at = skip_comma(at);
      if (mapping) {
        at = entry(piece.children[i], piece.children[i + 1], at, owner);
      } else {
        Part& item = owner.parts.emplace_back();
        item.value = &piece.children[i];
        item.start = item.value->begin;
        item.end = at = measure(piece.children[i], at, item);
      }
    }
    if (bare) return at;
    return find(skip_comma(at), mapping ? '}' : ']') + 1;
  }

  /// Behind white space and comments.
  [[nodiscard]] std::size_t skip(std::size_t at) const {
    while (true) {
      at = std::min(text_.find_first_not_of(" \t\n", at), text_.size());
      if (at == text_.size() || text_[at] != '#') return at;
      at = std::min(text_.find('\n', at), text_.size());
    }
  }

  [[nodiscard]] std::size_t skip_comma(std::size_t at) const {
    at = skip(at);
    return at < text_.size() && text_[at] == ',' ? skip(at + 1) : at;
  }

  [[nodiscard]] std::size_t find(std::size_t at, char wanted) const {
    at = skip(at);
    if (at >= text_.size() || text_[at] != wanted) throw Unexpected{at};
    return at;
  }

  std::string_view text_;
  TakenApart result_;
};

}  // namespace

Result<TakenApart> take_apart(std::string_view text, const Piece& root) {
  try {
    return Dissection(text).run(root);
  } catch (const Unexpected& unexpected) {
    const std::string_view before = text.substr(0, std::min(unexpected.at, text.size()));
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const auto column = static_cast<int>(before.size() - (before.rfind('\n') + 1)) + 1;
    Error error{ErrorKind::kInternal, "this cannot be formatted", "write it in a plainer way", "internal"};
    error.position = {line, column};
    return tl::unexpected(error);
  }
}

}  // namespace ipaas::language::formatter
