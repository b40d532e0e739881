#include "core/language/difference.h"

#include <algorithm>
#include <array>

#include "core/language/item_pairs.h"
#include "core/language/yaml/reader.h"
#include "core/language/yaml/value.h"

namespace ipaas::language {
namespace {

using yaml::Node;

bool is_plain_key(std::string_view key) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !key.empty() && key.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// Their order means nothing.
bool is_unordered(std::string_view list) {
  constexpr std::array kLists = {"schedule", "allow-from", "names", "when", "roles"};
  return std::ranges::find(kLists, list) != kLists.end();
}

struct Place {
  std::string path;
  std::string key;

  [[nodiscard]] Place member(const std::string& name) const {
    return {path + (is_plain_key(name) ? (path.empty() ? "" : ".") + name : quoted(name)), name};
  }
  [[nodiscard]] Place item(const Node& node, std::size_t index) const {
    if (const auto identity = identity_of(node)) {
      const bool word = identity->key != "cron" && is_plain_key(identity->text);
      return {path + (word ? "." + identity->text : quoted(identity->text)), key};
    }
    const std::string number = std::to_string(index + 1);
    return {path + (key == "steps" ? ".step-" + number : "[" + number + "]"), key};
  }

 private:
  static std::string quoted(std::string_view text) {
    std::string out = "[";
    append_json_text(out, text);
    return out + ']';
  }
};

class Comparison {
 public:
  void compare(const Place& place, const Node& before, const Node& after) {
    if (yaml::same_value(before, after)) return;
    if (before.entries() != nullptr && after.entries() != nullptr) return compare_entries(place, before, after);
    if (before.items() != nullptr && after.items() != nullptr) {
      return compare_items(place, *before.items(), *after.items());
    }
    add(Change::Kind::kChanged, place, yaml::value_of(before), yaml::value_of(after));
  }

  void compare_entries(const Place& place, const Node& before, const Node& after) {
    const yaml::Members old_ones = yaml::members_by_key(*before.entries());
    const yaml::Members new_ones = yaml::members_by_key(*after.entries());
    for (const yaml::Entry& entry : *before.entries()) {
      if (new_ones.contains(entry.key)) continue;
      add(Change::Kind::kRemoved, place.member(entry.key), yaml::value_of(*entry.value), nullptr);
    }
    for (const yaml::Entry& entry : *after.entries()) {
      const auto other = old_ones.find(entry.key);
      if (other != old_ones.end()) {
        compare(place.member(entry.key), *other->second, *entry.value);
      } else {
        add(Change::Kind::kAdded, place.member(entry.key), nullptr, yaml::value_of(*entry.value));
      }
    }
  }

  [[nodiscard]] std::vector<Change> take() { return std::move(changes_); }

 private:
  void compare_items(const Place& place, const Node::Items& before, const Node::Items& after) {
    const std::vector<ItemPair> pairs = pair_items(before, after);
    std::vector<bool> stays(before.size());
    for (const ItemPair& pair : pairs) stays[pair.before] = true;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!stays[i]) add(Change::Kind::kRemoved, place.item(*before[i], i), yaml::value_of(*before[i]), nullptr);
    }
    auto pair = pairs.begin();
    for (std::size_t i = 0; i < after.size(); ++i) {
      const Place here = place.item(*after[i], i);
      if (pair == pairs.end() || pair->after != i) {
        add(Change::Kind::kAdded, here, nullptr, yaml::value_of(*after[i]));
        continue;
      }
      if (pair->moved && !is_unordered(place.key)) add(Change::Kind::kMoved, here, pair->before + 1, i + 1);
      compare(here, *before[pair->before], *after[i]);
      ++pair;
    }
  }

  void add(Change::Kind kind, const Place& place, Json before, Json after) {
    changes_.push_back({kind, place.path, place.key, std::move(before), std::move(after)});
  }

  std::vector<Change> changes_;
};

/// The root of a text with one document or none; nullptr for what is not readable as that.
const Node* root_of(const yaml::Stream& stream, const Node& nothing) {
  if (!stream.errors.empty()) return nullptr;
  const Node* root = nullptr;
  for (const yaml::Document& document : stream.documents) {
    if (document.root == nullptr || document.root->is_null()) continue;
    if (root != nullptr) return nullptr;
    root = document.root;
  }
  return root == nullptr ? &nothing : root;
}

}  // namespace

std::optional<std::vector<Change>> difference(std::string_view before, std::string_view after) {
  const yaml::Stream left = yaml::read(before);
  const yaml::Stream right = yaml::read(after);
  const Node nothing({1, 1}, 0, Node::Entries());
  const Node* from = root_of(left, nothing);
  const Node* to = root_of(right, nothing);
  if (from == nullptr || to == nullptr) return std::nullopt;
  Comparison comparison;
  comparison.compare({}, *from, *to);
  return comparison.take();
}

std::string_view change_name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kAdded:
      return "added";
    case Change::Kind::kRemoved:
      return "removed";
    case Change::Kind::kChanged:
      return "changed";
    case Change::Kind::kMoved:
      return "moved";
  }
  return "changed";
}

}  // namespace ipaas::language
