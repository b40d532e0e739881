#include "core/engine/testing/placed_value.h"

#include "core/language/yaml/scalar.h"

namespace ipaas::engine::testing {

const PlacedValue* PlacedValue::find(std::string_view key) const {
  const Members* all = members();
  if (all == nullptr) return nullptr;
  for (const PlacedMember& member : *all) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Json PlacedValue::json() const {
  if (const Members* all = members()) {
    Json object = Json::object();
    for (const PlacedMember& member : *all) object[member.key] = member.value.json();
    return object;
  }
  if (const Items* all = items()) {
    Json array = Json::array();
    for (const PlacedValue& item : *all) array.push_back(item.json());
    return array;
  }
  return std::get<Json>(content);
}

PlacedValue placed_value(const language::yaml::Node& node) {
  PlacedValue value{node.position(), Json()};
  if (const auto* entries = node.entries()) {
    PlacedValue::Members members;
    for (const auto& entry : *entries) {
      members.push_back({entry.key, entry.position, placed_value(*entry.value)});
      if (entry.value->is_null()) members.back().value.position = entry.position;
    }
    value.content = std::move(members);
  } else if (const auto* items = node.items()) {
    PlacedValue::Items list;
    for (const auto* item : *items) list.push_back(placed_value(*item));
    value.content = std::move(list);
  } else if (const auto* scalar = node.scalar()) {
    value.content = language::yaml::resolve(*scalar);
  }
  return value;
}

}  // namespace ipaas::engine::testing
