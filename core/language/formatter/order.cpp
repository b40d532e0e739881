#include "core/language/formatter/order.h"

#include <algorithm>
#include <map>

#include "core/language/parser/key_table.h"

namespace ipaas::language::formatter {

namespace {

using yaml::Piece;

std::size_t rank_of(const KeyTable& table, const Part& part) {
  if (part.key->kind == Piece::Kind::kScalar) {
    if (table.extensions && part.key->text.starts_with("x-")) return 0;
    if (const KeyRule* rule = table.find(part.key->text))
      return 1 + static_cast<std::size_t>(rule - table.rules.data());
  }
  return 1 + table.rules.size();
}

/// Which definition each anchor name has at a place.
class Anchors {
 public:
  /// Walks a value as it is read, and notes what each alias finds.
  void walk(const Piece& piece) {
    if (piece.kind == Piece::Kind::kAlias) {
      found_.emplace_back(&piece, std::as_const(defined_).contains(piece.anchor) ? defined_[piece.anchor] : 0);
      return;
    }
    if (piece.anchor_id != 0) defined_[piece.anchor] = piece.anchor_id;
    for (const Piece& child : piece.children) walk(child);
  }
  void walk(const Part& part) {
    if (part.key != nullptr) walk(*part.key);
    walk(*part.value);
  }

  [[nodiscard]] bool same_as(Anchors& other) {
    std::ranges::sort(found_);
    std::ranges::sort(other.found_);
    return found_ == other.found_ && defined_ == other.defined_;
  }

 private:
  std::map<std::string_view, std::size_t> defined_;
  std::vector<std::pair<const Piece*, std::size_t>> found_;
};

bool keeps_anchors(const std::vector<Part>& before, const std::vector<Part*>& after) {
  Anchors as_written;
  for (const Part& part : before) as_written.walk(part);
  Anchors as_ordered;
  for (const Part* part : after) as_ordered.walk(*part);
  return as_written.same_as(as_ordered);
}

bool is_workflow(const Piece& root) {
  if (root.kind != Piece::Kind::kMapping) return false;
  for (std::size_t i = 0; i < root.children.size(); i += 2) {
    const std::string& key = root.children[i].text;
    if (key == "on" || key == "steps") return true;
  }
  return false;
}

constexpr ValueShape kStep = mapping_shape(step_keys);

/// The shape of a part of what has this shape; nullptr where nothing is known of it.
const ValueShape* shape_within(const ValueShape& shape, const Part& part) {
  const bool item = part.key == nullptr;
  if (item && shape.kind == ValueShape::Kind::kSteps) return &kStep;
  if (item && shape.kind == ValueShape::Kind::kList) return shape.item;
  if (!item && shape.kind == ValueShape::Kind::kMap) return shape.item;
  if (!item && shape.kind == ValueShape::Kind::kMapping) {
    const KeyRule* rule = shape.table().find(part.key->text);
    return rule == nullptr ? nullptr : &rule->shape;
  }
  return shape.other == nullptr ? nullptr : shape_within(*shape.other, part);
}

/// The empty line above a part and its comments.
bool& blank_above(Part& part) {
  return part.leading.empty() ? part.blank_before : part.leading.front().blank_before;
}

void sort_parts(const KeyTable& table, std::vector<Part>& parts) {
  std::vector<Part*> sorted;
  sorted.reserve(parts.size());
  for (Part& part : parts) sorted.push_back(&part);
  std::ranges::stable_sort(sorted, {}, [&](const Part* part) { return rank_of(table, *part); });
  if (std::ranges::is_sorted(sorted) || !keeps_anchors(parts, sorted)) return;
  // An empty line separates; it does not move to the top with what it stood above.
  if (sorted.front() != &parts.front()) std::swap(blank_above(*sorted.front()), blank_above(parts.front()));
  std::vector<Part> moved;
  moved.reserve(parts.size());
  for (Part* part : sorted) moved.push_back(std::move(*part));
  parts = std::move(moved);
}

const KeyTable* table_of(const ValueShape& shape) {
  if (shape.kind == ValueShape::Kind::kMapping) return &shape.table();
  return shape.other == nullptr ? nullptr : table_of(*shape.other);
}

void arrange_as(const ValueShape& shape, Part& part) {
  for (Part& child : part.parts) {
    if (const ValueShape* inner = shape_within(shape, child)) arrange_as(*inner, child);
  }
  const bool mapping = !part.parts.empty() && part.parts.front().key != nullptr;
  const KeyTable* table = table_of(shape);
  if (mapping && table != nullptr) sort_parts(*table, part.parts);
}

}  // namespace

void arrange(Part& root) {
  if (is_workflow(*root.value)) arrange_as(mapping_shape(workflow_keys), root);
}

}  // namespace ipaas::language::formatter
