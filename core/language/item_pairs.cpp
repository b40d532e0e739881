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
  void by(const Trait& trait) { pair_up(texts(before_, taken_before_, trait), texts(after_, taken_after_, trait)); }
  /// The same among neighbours only: items that follow the same pair.
  void by_near(const Trait& trait) {
    Texts before = texts(before_, taken_before_, trait);
    Texts after = texts(after_, taken_after_, trait);
    std::vector<std::size_t> partner(before_.size());
    for (const ItemPair& pair : pairs_) partner[pair.before] = pair.after + 1;
    std::size_t last = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (taken_before_[i]) last = partner[i];
      if (before[i]) *before[i] += '#' + std::to_string(last);
    }
    last = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (taken_after_[i]) last = i + 1;
      if (after[i]) *after[i] += '#' + std::to_string(last);
    }
    pair_up(before, after);
  }

  std::vector<ItemPair> take() {
    std::ranges::sort(pairs_, {}, &ItemPair::after);
    return std::move(pairs_);
  }

 private:
  using Texts = std::vector<std::optional<std::string>>;

  static Texts texts(const Node::Items& items, const std::vector<bool>& taken, const Trait& trait) {
    Texts texts(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!taken[i]) texts[i] = trait(*items[i]);
    }
    return texts;
  }

  void pair_up(const Texts& before, const Texts& after) {
    std::unordered_map<std::string, std::deque<std::size_t>> waiting;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i]) waiting[*before[i]].push_back(i);
    }
    for (std::size_t i = 0; i < after.size(); ++i) {
      const auto found = after[i] ? waiting.find(*after[i]) : waiting.end();
      if (found == waiting.end() || found->second.empty()) continue;
      pairs_.push_back({found->second.front(), i});
      taken_before_[found->second.front()] = taken_after_[i] = true;
      found->second.pop_front();
    }
  }

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
    const auto place =
        std::ranges::lower_bound(ends, pairs[i].before, {}, [&](std::size_t at) { return pairs[at].before; });
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
  const auto called = [](const Node& item) -> std::optional<std::string> {
    const auto identity = identity_of(item);
    if (!identity) return std::nullopt;
    return std::string(identity->key) + '=' + identity->text;
  };
  const auto content = [](const Node& item) {
    std::string text;
    append_content(text, item);
    return std::optional(std::move(text));
  };
  const auto content_but_name = [](const Node& item) {
    const auto identity = identity_of(item);
    std::string text;
    append_content(text, item, identity ? identity->key : std::string_view());
    return std::optional(std::move(text));
  };
  const auto sort_of_nameless = [](const Node& item) -> std::optional<std::string> {
    if (identity_of(item)) return std::nullopt;
    return sort_of(item);
  };
  Pairing pairing(before, after);
  pairing.by(called);
  pairing.by_near(content);
  pairing.by(content);
  pairing.by(content_but_name);
  pairing.by_near(sort_of_nameless);
  pairing.by(sort_of_nameless);
  std::vector<ItemPair> pairs = pairing.take();
  mark_moved(pairs);
  return pairs;
}

}  // namespace ipaas::language
