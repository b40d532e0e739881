#include "core/engine/testing/compare.h"

#include <algorithm>

namespace ipaas::engine::testing {
namespace {

bool is_plain_word(const std::string& key) {
  constexpr std::string_view kWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !key.empty() && key.find_first_not_of(kWord) == std::string::npos;
}

Difference difference(const std::string& path, const PlacedValue& expected, const Json* actual) {
  Difference found{expected.position, path, ""};
  found.expected = expected.json();
  if (actual != nullptr) found.actual = *actual;
  return found;
}

void compare_members(const std::string& path, const PlacedValue& expected, const Json& actual, Exact exact,
                     std::vector<Difference>& differences) {
  for (const PlacedMember& member : *expected.members()) {
    const auto found = actual.find(member.key);
    const bool data = member.key == "outputs" || member.key == "with";
    compare(member_path(path, member.key), member.value, found == actual.end() ? nullptr : &*found,
            exact == Exact::kData && data ? Exact::kEverywhere : exact, differences);
  }
  if (exact != Exact::kEverywhere) return;
  for (const auto& [key, value] : actual.items()) {
    if (expected.find(key) != nullptr) continue;
    Difference more{expected.position, member_path(path, key), "is not expected (`exact: true`)"};
    more.actual = value;
    differences.push_back(std::move(more));
  }
}

void compare_items(const std::string& path, const PlacedValue& expected, const Json& actual, Exact exact,
                   std::vector<Difference>& differences) {
  const PlacedValue::Items& items = *expected.items();
  if (items.size() != actual.size()) {
    Difference length = difference(path, expected, &actual);
    length.message = "has " + std::to_string(actual.size()) + " items instead of " + std::to_string(items.size());
    return differences.push_back(std::move(length));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    compare(path + "[" + std::to_string(i) + "]", items[i], &actual[i], exact, differences);
  }
}

}  // namespace

std::string member_path(const std::string& path, const std::string& key) {
  if (!is_plain_word(key)) return path + "['" + key + "']";
  return path.empty() ? key : path + "." + key;
}

void compare(const std::string& path, const PlacedValue& expected, const Json* actual, Exact exact,
             std::vector<Difference>& differences) {
  if (actual != nullptr && expected.members() != nullptr && actual->is_object()) {
    return compare_members(path, expected, *actual, exact, differences);
  }
  if (actual != nullptr && expected.items() != nullptr && actual->is_array()) {
    return compare_items(path, expected, *actual, exact, differences);
  }
  const Json* const scalar = std::get_if<Json>(&expected.content);
  const bool same = scalar != nullptr && (actual == nullptr ? scalar->is_null() : *scalar == *actual);
  if (!same) differences.push_back(difference(path, expected, actual));
}

}  // namespace ipaas::engine::testing
