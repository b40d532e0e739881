#include "core/language/yaml/value.h"

#include <algorithm>

#include "core/language/yaml/scalar.h"

namespace ipaas::language::yaml {
namespace {

bool same_scalar(const Node::Scalar& a, const Node::Scalar& b) {
  // Equal texts first, since `.nan` is no number that equals itself.
  if (a.text == b.text && a.plain == b.plain) return true;
  return resolve(a) == resolve(b);  // 1 and 1.0 are one number, "1" is none
}

bool same_entries(const Node::Entries& a, const Node& b) {
  if (b.entries() == nullptr || a.size() != b.entries()->size()) return false;
  const Members others = members_by_key(*b.entries());
  return std::all_of(a.begin(), a.end(), [&](const Entry& entry) {
    const auto other = others.find(entry.key);
    return other != others.end() && same_value(*entry.value, *other->second);
  });
}

bool same_items(const Node::Items& a, const Node& b) {
  return b.items() != nullptr && std::equal(a.begin(), a.end(), b.items()->begin(), b.items()->end(),
                                            [](const Node* x, const Node* y) { return same_value(*x, *y); });
}

/// `null`, `~` and nothing at all are the same.
bool is_nothing(const Node& node) {
  return node.is_null() || (node.scalar() != nullptr && resolve(*node.scalar()).is_null());
}

}  // namespace

Json value_of(const Node& node) {
  if (const auto* scalar = node.scalar()) return resolve(*scalar);
  if (const auto* items = node.items()) {
    Json list = Json::array();
    for (const Node* item : *items) list.push_back(value_of(*item));
    return list;
  }
  if (const auto* entries = node.entries()) {
    Json object = Json::object();
    for (const Entry& entry : *entries) members_of(object).emplace_back(entry.key, value_of(*entry.value));
    return object;
  }
  return nullptr;
}

Members members_by_key(const Node::Entries& entries) {
  Members members;
  for (const Entry& entry : entries) members.emplace(entry.key, entry.value);
  return members;
}

bool same_value(const Node& a, const Node& b) {
  if (&a == &b) return true;
  if (is_nothing(a) || is_nothing(b)) return is_nothing(a) && is_nothing(b);
  if (const auto* scalar = a.scalar()) return b.scalar() != nullptr && same_scalar(*scalar, *b.scalar());
  if (const auto* items = a.items()) return same_items(*items, b);
  return same_entries(*a.entries(), b);
}

}  // namespace ipaas::language::yaml
