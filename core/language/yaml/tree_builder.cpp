#include "core/language/yaml/tree_builder.h"

#include <algorithm>

namespace ipaas::language::yaml {
namespace {

Error wrong(SourcePosition position, std::string code, std::string message, std::string hint) {
  Error error;
  error.kind = ErrorKind::kInvalid;
  error.message = std::move(message);
  error.hint = std::move(hint);
  error.code = std::move(code);
  error.position = position;
  return error;
}

std::string place_text(SourcePosition position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace

void TreeBuilder::begin() {
  document_ = Document();
  start_.reset();
  levels_.clear();
  anchored_.clear();
  alias_nodes_ = 0;
}

void TreeBuilder::refuse(SourcePosition position, std::string code, std::string message, std::string hint) {
  errors_.push_back(wrong(position, std::move(code), std::move(message), std::move(hint)));
}

void TreeBuilder::stop(SourcePosition position, std::string code, std::string message, std::string hint) {
  throw StopReading{wrong(position, std::move(code), std::move(message), std::move(hint))};
}

FlowOpening TreeBuilder::innermost_flow() const {
  if (levels_.empty() || !levels_.back().flow) return {};
  const Node& node = *levels_.back().node;
  return {node.items() != nullptr ? '[' : '{', node.position()};
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  start_ = columns_.offset(mark);
  document_.position = columns_.at(mark);
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t offset = columns_.offset(mark);
  // yaml-cpp reads `[a,,b]` as if it held a null.
  if (!levels_.empty() && levels_.back().node->items() != nullptr && offset < text_.size() && text_[offset] == ',') {
    stop(columns_.at(mark), "yaml_syntax", "there is no item in front of this comma", "remove the comma, or write the item");
  }
  const SourcePosition position = place_of_nothing(mark);
  Node& node = document_.nodes.emplace_back(position, offset, Node::Null());
  if (anchor != YAML::NullAnchor) anchored_[anchor] = &node;
  place(node, position);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const SourcePosition position = columns_.at(mark);
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) {
    stop(position, "yaml_alias", "this alias is inside the value it stands for", "a value cannot contain itself");
  }
  const Node& node = *found->second;
  alias_nodes_ += node.weight();
  if (alias_nodes_ > limits_.alias_nodes) {
    stop(position, "alias_limit",
         "the aliases of this document stand for more than " + std::to_string(limits_.alias_nodes) + " values",
         "write the values out, or use fewer aliases");
  }
  if (levels_.size() + node.height() > limits_.depth) {
    stop(position, "too_deep", "more than " + std::to_string(limits_.depth) + " levels of nesting");
  }
  place(node, position);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const std::size_t content = content_offset(mark);
  check_tag(mark, tag, content);
  Node& node = add(mark, content, Node::Scalar{value, tag == "?"});
  check_closed(node, content);
  if (anchor != YAML::NullAnchor) anchored_[anchor] = &node;
  place(node, node.position());
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value style) {
  open(mark, tag, anchor, style == YAML::EmitterStyle::Flow, Node::Items());
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  open(mark, tag, anchor, style == YAML::EmitterStyle::Flow, Node::Entries());
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, bool flow,
                       Node::Value value) {
  if (levels_.size() >= limits_.depth) {
    stop(columns_.at(mark), "too_deep", "more than " + std::to_string(limits_.depth) + " levels of nesting");
  }
  const std::size_t content = content_offset(mark);
  check_tag(mark, tag, content);
  Node& node = add(mark, content, std::move(value));
  if (awaits_key()) {
    refuse(node.position(), "yaml_key", "a key must be a text, not " + std::string(describe(node)), "quote it");
  }
  levels_.push_back({&node, anchor, flow, std::nullopt});
}

void TreeBuilder::close() {
  const Level level = std::move(levels_.back());
  levels_.pop_back();
  if (const Node::Entries* entries = level.node->entries()) check_duplicates(*entries);
  if (level.anchor != YAML::NullAnchor) anchored_[level.anchor] = level.node;
  level.node->height_ += 1;
  place(*level.node, level.node->position());
}

/// Gives a finished node to the list, mapping or document that it is in.
void TreeBuilder::place(const Node& node, SourcePosition used_at) {
  if (levels_.empty()) {
    document_.root = &node;
    return;
  }
  if (awaits_key()) return take_key(node, used_at);
  Level& level = levels_.back();
  Node& parent = *level.node;
  parent.weight_ += node.weight();
  parent.height_ = std::max(parent.height_, node.height());
  if (auto* items = std::get_if<Node::Items>(&parent.value_)) {
    items->push_back(&node);
    return;
  }
  level.key->value = &node;
  std::get<Node::Entries>(parent.value_).push_back(std::move(*level.key));
  level.key.reset();
}

void TreeBuilder::take_key(const Node& node, SourcePosition used_at) {
  Entry entry;
  entry.position = used_at;
  if (const Node::Scalar* scalar = node.scalar()) {
    entry.key = scalar->text;
    if (scalar->plain && scalar->text == "<<") {
      refuse(used_at, "yaml_merge_key", "merge keys (`<<`) are not part of YAML 1.2", "write the keys out, or use an alias for the whole value");
    }
  } else if (node.is_null()) {
    refuse(used_at, "yaml_key", "there is no key here", "write a key in front of the colon");
  }
  levels_.back().key = std::move(entry);
}

bool TreeBuilder::awaits_key() const {
  return !levels_.empty() && levels_.back().node->entries() != nullptr && !levels_.back().key;
}

Node& TreeBuilder::add(const YAML::Mark& mark, std::size_t offset, Node::Value value) {
  SourcePosition position = columns_.at(mark);
  // The mark is that of the anchor; a person looks for the value, where it is on the same line.
  const std::size_t marked = columns_.offset(mark);
  const std::string_view between = text_.substr(marked, offset - marked);
  if (between.find('\n') == std::string_view::npos) {
    YAML::Mark moved = mark;
    moved.pos += static_cast<int>(between.size());
    moved.column += static_cast<int>(between.size());
    position = columns_.at(moved);
  }
  return document_.nodes.emplace_back(position, offset, std::move(value));
}

/// Behind an anchor, if there is one.
std::size_t TreeBuilder::content_offset(const YAML::Mark& mark) const {
  const std::size_t at = columns_.offset(mark);
  if (at >= text_.size() || text_[at] != '&') return at;
  const std::size_t end = text_.find_first_of(" \t\r\n", at);
  return std::min(text_.find_first_not_of(" \t\r\n", end), text_.size());
}

/// yaml-cpp gives a value that is not there the place of what comes next; of a key's value the key is the better place.
SourcePosition TreeBuilder::place_of_nothing(const YAML::Mark& mark) {
  const std::size_t at = columns_.offset(mark);
  const std::string_view rest = text_.substr(at);
  const bool written = rest.starts_with('~') || rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL");
  if (written || levels_.empty()) return columns_.at(mark);
  const Level& level = levels_.back();
  if (level.key) return level.key->position;
  const std::size_t before = text_.substr(0, at).find_last_not_of(" \t\r\n");
  if (before == std::string_view::npos || text_[before] != '-') return columns_.at(mark);
  const std::size_t newline = text_.substr(0, before).rfind('\n');
  const std::string_view skipped = text_.substr(before, at - before);
  YAML::Mark dash = mark;
  dash.pos = static_cast<int>(before);
  dash.line -= static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
  dash.column = static_cast<int>(newline == std::string_view::npos ? before : before - newline - 1);
  return columns_.at(dash);
}

void TreeBuilder::check_tag(const YAML::Mark& mark, const std::string& tag, std::size_t content) {
  // A quoted scalar carries the tag `!`, as does one that is written `! text`.
  const bool written = content < text_.size() && text_[content] == '!';
  const bool none = tag == "?" || (tag == "!" && !written);
  if (none) return;
  refuse(columns_.at(mark), "yaml_tag", "tags have no meaning here", "quote a text that begins with `!`");
}

/// yaml-cpp takes the end of the text for a closing quote.
void TreeBuilder::check_closed(const Node& node, std::size_t content) {
  if (node.scalar()->plain || content >= text_.size()) return;
  const char quote = text_[content];
  if (quote != '"' && quote != '\'') return;
  for (std::size_t at = content + 1; at < text_.size(); ++at) {
    if (quote == '"' && text_[at] == '\\') {
      ++at;
    } else if (text_[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text_.size() && text_[at + 1] == quote;
      if (!doubled) return;
      ++at;
    }
  }
  stop(node.position(), "yaml_syntax", "the quoted text is not closed", "write the closing quote");
}

void TreeBuilder::check_duplicates(const Node::Entries& entries) {
  if (entries.size() < 2) return;
  std::vector<const Entry*> sorted;
  sorted.reserve(entries.size());
  for (const Entry& entry : entries) sorted.push_back(&entry);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
  constexpr std::size_t kEnough = 200;
  for (std::size_t i = 1; i < sorted.size() && errors_.size() < kEnough; ++i) {
    const Entry& entry = *sorted[i];
    if (entry.key.empty() || entry.key != sorted[i - 1]->key) continue;
    const std::string name = entry.key.size() <= 40 ? "`" + entry.key + "`" : "this key";
    refuse(entry.position, "duplicate_key", name + " is written twice, first at " + place_text(sorted[i - 1]->position),
           "keep one of the two");
  }
}

}  // namespace ipaas::language::yaml
