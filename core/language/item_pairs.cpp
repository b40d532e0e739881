#include "core/language/item_pairs.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>

#include "core/language/yaml/value.h"

namespace ipaas::language {
namespace {

using yaml::Node;

std::string text_under(const Node& item, std::string_view key) {
  const yaml::Entry* entry = item.find(key);
  return entry == nullptr || entry->value->scalar() == nullptr ? std::string() : entry->value->scalar()->text;
}

/// Equal texts for equal values, whatever the order of keys.
void append_content(std::string& out, const Node& node, std::string_view without = {}) {
  if (const auto* entries = node.entries()) {
    std::map<std::string_view, const Node*> sorted;
    for (const yaml::Entry& entry : *entries) {
      if (entry.key != without) sorted.emplace(entry.key, entry.value);
    }
    out += '{';
    for (const auto& [key, value] : sorted) {
      append_json_text(out, key);
      append_content(out, *value);
    }
    out += '}';
  } else if (const auto* items = node.items()) {
    out += '[';
    for (const Node* item : *items) append_content(out, *item);
    out += ']';
  } else {
    out += dump_json(yaml::value_of(node));
    out += ',';
  }
}

/// A rough likeness: steps of one action, or the first key that is neither a name nor a condition.
std::string sort_of(const Node& item) {
  if (item.scalar() != nullptr || item.is_null()) return "scalar";
  if (item.items() != nullptr) return "list";
  if (const std::string uses = text_under(item, "uses"); !uses.empty()) return "uses " + uses;
  for (const yaml::Entry& entry : *item.entries()) {
    if (entry.key != "id" && entry.key != "name" && entry.key != "if") return "has " + entry.key;
  }
  return "mapping";
}

class Pairing {
 public:
  Pairing(const Node::Items& before, const Node::Items& after)
      : before_(before), after_(after), taken_before_(before.size()), taken_after_(after.size()) {}

  /// The text of an item, or nothing where it takes no part in this round.
  using Trait = std::function<std::optional<std::string>(const Node& item)>;

  /// Items of one trait belong together, in their order.
  void by(const Trait& trait) {
    std::unordered_map<std::string, std::deque<std::size_t>> waiting;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (taken_before_[i]) continue;
      if (auto text = trait(*before_[i])) waiting[*std::move(text)].push_back(i);
    }
    for (std::size_t i = 0; i < after_.size() && !waiting.empty(); ++i) {
      if (taken_after_[i]) continue;
      const auto text = trait(*after_[i]);
      const auto found = text ? waiting.find(*text) : waiting.end();
      if (found == waiting.end() || found->second.empty()) continue;
      pairs_.push_back({found->second.front(), i});
      taken_before_[found->second.front()] = taken_after_[i] = true;
      found->second.pop_front();
    }
  }

  std::vector<ItemPair> take() {
    std::ranges::sort(pairs_, {}, &ItemPair::after);
    return std::move(pairs_);
  }

 private:
  const Node::Items& before_;
  const Node::Items& after_;
  std::vector<bool> taken_before_;
  std::vector<bool> taken_after_;
  std::vector<ItemPair> pairs_;
};

/// Everything outside of a longest rising run has moved.
void mark_moved(std::vector<ItemPair>& pairs) {
  std::vector<std::size_t> ends;  // of the best run of each length: the index of its last pair
  std::vector<std::size_t> previous(pairs.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto place = std::ranges::lower_bound(ends, pairs[i].before, {}, [&](std::size_t at) { return pairs[at].before; });
    if (place != ends.begin()) previous[i] = *(place - 1);
    if (place == ends.end()) {
      ends.push_back(i);
    } else {
      *place = i;
    }
    pairs[i].moved = true;
  }
  for (std::size_t at = ends.empty() ? pairs.size() : ends.back(); at < pairs.size(); at = previous[at]) {
    pairs[at].moved = false;
  }
}

}  // namespace

std::optional<Identity> identity_of(const Node& item) {
  if (item.entries() == nullptr) return std::nullopt;
  for (const std::string_view key : {"id", "name", "cron"}) {
    std::string text = text_under(item, key);
    if (!text.empty()) return Identity{key, std::move(text)};
  }
  return std::nullopt;
}

std::vector<ItemPair> pair_items(const Node::Items& before, const Node::Items& after) {
  Pairing pairing(before, after);
  pairing.by([](const Node& item) -> std::optional<std::string> {
    const auto identity = identity_of(item);
    if (!identity) return std::nullopt;
    return std::string(identity->key) + '=' + identity->text;
  });
  pairing.by([](const Node& item) {
    std::string content;
    append_content(content, item);
    return std::optional(std::move(content));
  });
  pairing.by([](const Node& item) {
    const auto identity = identity_of(item);
    std::string content;
    append_content(content, item, identity ? identity->key : std::string_view());
    return std::optional(std::move(content));
  });
  pairing.by([](const Node& item) -> std::optional<std::string> {
    if (identity_of(item)) return std::nullopt;
    return sort_of(item);
  });
  std::vector<ItemPair> pairs = pairing.take();
  mark_moved(pairs);
  return pairs;
}

}  // namespace ipaas::language
