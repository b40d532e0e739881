#include "core/language/formatter/order.h"

#include <algorithm>
#include <map>
#include <span>

#include "core/language/parser/key_table.h"

namespace ipaas::language::formatter {

namespace {

/// What is at a place: a mapping whose keys a table orders, or a list or a mapping of such.
struct Shape {
  struct Member {
    std::string_view key;
    const Shape* shape;
  };
  const KeyTable& (*table)() = nullptr;  ///< nullptr: keys stay as they are
  std::span<const Member> members = {};  ///< what is known of some keys' values
  const Shape* each = nullptr;           ///< of all items or values
};

using yaml::Piece;
using Member = Shape::Member;

extern const Shape kStep;
constexpr Shape kSteps{nullptr, {}, &kStep};
constexpr Shape kCases{nullptr, {}, &kSteps};
constexpr Shape kRetry{retry_keys};
constexpr Shape kLog{log_keys};
constexpr Shape kFail{fail_keys};

// Steps that tell people of a wait.
constexpr Member kWaitMembers[] = {{"notify", &kSteps}};
constexpr Shape kWait{nullptr, kWaitMembers};
constexpr Member kWaitForMembers[] = {{"notify", &kSteps}, {"callback", &kWait}, {"approval", &kWait}};
constexpr Shape kWaitFor{nullptr, kWaitForMembers};

constexpr Member kStepMembers[] = {{"retry", &kRetry},    {"log", &kLog},         {"fail", &kFail},
                                   {"parallel", &kSteps}, {"steps", &kSteps},     {"cases", &kCases},
                                   {"default", &kSteps},  {"wait-for", &kWaitFor}};
constexpr Shape kStep{step_keys, kStepMembers};

constexpr Shape kVerify{verify_keys};
constexpr Member kWebhookMembers[] = {{"verify", &kVerify}};
constexpr Shape kWebhook{webhook_keys, kWebhookMembers};
constexpr Shape kSchedule{schedule_keys};
constexpr Shape kSchedules{nullptr, {}, &kSchedule};
constexpr Shape kManual{manual_keys};
constexpr Member kOnMembers[] = {{"webhook", &kWebhook}, {"schedule", &kSchedules}, {"manual", &kManual}};
constexpr Shape kOn{on_keys, kOnMembers};
constexpr Shape kInput{input_keys};
constexpr Shape kInputs{nullptr, {}, &kInput};
constexpr Member kDefaultsMembers[] = {{"retry", &kRetry}};
constexpr Shape kDefaults{nullptr, kDefaultsMembers};

constexpr Member kWorkflowMembers[] = {{"on", &kOn},       {"inputs", &kInputs},    {"defaults", &kDefaults},
                                       {"steps", &kSteps}, {"on-failure", &kSteps}, {"finally", &kSteps}};
constexpr Shape kWorkflow{workflow_keys, kWorkflowMembers};

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

const Shape* shape_of(const Piece& root) {
  if (root.kind != Piece::Kind::kMapping) return nullptr;
  for (std::size_t i = 0; i < root.children.size(); i += 2) {
    const std::string& key = root.children[i].text;
    if (key == "on" || key == "steps") return &kWorkflow;
  }
  return nullptr;
}

const Shape* shape_within(const Shape& shape, const Part& part) {
  if (part.key == nullptr) return shape.each;
  for (const Member& member : shape.members) {
    if (member.key == part.key->text) return member.shape;
  }
  return shape.each;
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

void arrange_as(const Shape& shape, Part& part) {
  for (Part& child : part.parts) {
    if (const Shape* inner = shape_within(shape, child)) arrange_as(*inner, child);
  }
  const bool mapping = !part.parts.empty() && part.parts.front().key != nullptr;
  if (mapping && shape.table != nullptr) sort_parts(shape.table(), part.parts);
}

}  // namespace

void arrange(Part& root) {
  if (const Shape* shape = shape_of(*root.value)) arrange_as(*shape, root);
}

}  // namespace ipaas::language::formatter
