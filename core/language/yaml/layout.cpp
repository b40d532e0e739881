#include "core/language/yaml/layout.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <unordered_set>

#include "core/language/yaml/view_buffer.h"

namespace ipaas::language::yaml {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// Behind white space and comments.
std::size_t skip_space(std::string_view text, std::size_t at) {
  while (true) {
    at = std::min(text.find_first_not_of(kSpace, at), text.size());
    if (at == text.size() || text[at] != '#') return at;
    at = std::min(text.find('\n', at), text.size());
  }
}

std::size_t null_word_at(std::string_view text, std::size_t at) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.substr(at).starts_with(word)) continue;
    const std::size_t end = at + word.size();
    if (end == text.size() || kSpace.find(text[end]) != std::string_view::npos || text[end] == ',' ||
        text[end] == ']' || text[end] == '}') {
      return word.size();
    }
  }
  return 0;
}

class LayoutBuilder final : public YAML::EventHandler {
 public:
  explicit LayoutBuilder(std::string_view text) : text_(text) {}

  void begin() {
    document_ = LaidOutDocument();
    open_.clear();
    start_.reset();
    scalars_.clear();
  }
  [[nodiscard]] std::optional<std::size_t> start() const { return start_; }
  [[nodiscard]] LaidOutDocument take() {
    document_.begin = *start_;
    settle_nulls(document_.root);
    return std::move(document_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = offset(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    place(piece(Piece::Kind::kNull, mark, anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Piece alias;
    alias.kind = Piece::Kind::kAlias;
    alias.begin = alias.content = offset(mark);
    alias.anchor = name_at(alias.begin);
    alias.anchor_id = anchor;
    place(std::move(alias));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Piece scalar = piece(Piece::Kind::kScalar, mark, anchor);
    scalar.text = value;
    scalar.plain = tag == "?";
    scalars_.insert(scalar.begin);
    place(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Piece::Kind::kSequence, mark, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Piece::Kind::kMapping, mark, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), text_.size());
  }

  [[nodiscard]] std::string name_at(std::size_t at) const {
    return std::string(text_.substr(at + 1, end_of_anchor(text_, at) - at - 1));
  }

  [[nodiscard]] Piece piece(Piece::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) const {
    Piece made;
    made.kind = kind;
    made.begin = made.content = offset(mark);
    made.anchor_id = anchor;
    if (anchor == YAML::NullAnchor) return made;
    made.anchor = name_at(made.begin);
    made.content = skip_space(text_, end_of_anchor(text_, made.begin));
    return made;
  }

  void open(Piece::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    Piece opened = piece(kind, mark, anchor);
    opened.flow = style == YAML::EmitterStyle::Flow;
    open_.push_back(std::move(opened));
  }

  void close() {
    Piece closed = std::move(open_.back());
    open_.pop_back();
    place(std::move(closed));
  }

  void place(Piece finished) {
    if (open_.empty()) {
      document_.root = std::move(finished);
    } else {
      open_.back().children.push_back(std::move(finished));
    }
  }

  /// yaml-cpp gives a null that is not there the place of another token, which may be a key such as `nullable`.
  void settle_nulls(Piece& node) {
    if (node.kind == Piece::Kind::kNull) {
      node.written = null_word_at(text_, node.content) > 0 && scalars_.count(node.content) == 0;
    }
    for (Piece& child : node.children) settle_nulls(child);
  }

  std::string_view text_;
  LaidOutDocument document_;
  std::vector<Piece> open_;
  std::optional<std::size_t> start_;
  std::unordered_set<std::size_t> scalars_;  ///< where they begin
};

}  // namespace

std::size_t end_of_anchor(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of(" \t\r\n,[]{}", at + 1), text.size());
}

Result<std::vector<LaidOutDocument>> read_layout(std::string_view text) {
  std::vector<LaidOutDocument> documents;
  ViewBuffer buffer(text);
  std::istream input(&buffer);
  LayoutBuilder builder(text);
  try {
    YAML::Parser parser(input);
    while (true) {
      builder.begin();
      if (!parser.HandleNextDocument(builder) || !builder.start()) return documents;
      documents.push_back(builder.take());
    }
  } catch (const YAML::Exception& failure) {
    return fail(ErrorKind::kInvalid, "this is not YAML: " + failure.msg, {}, "yaml_syntax");
  }
}

}  // namespace ipaas::language::yaml
