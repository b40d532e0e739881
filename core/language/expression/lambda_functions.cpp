// map, filter, reduce, sortBy, groupBy.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

Value number_of(std::size_t index) { return Value::number(static_cast<double>(index)); }

/// The lambda's value for an item; the item itself where there is no lambda.
Outcome key_of(const Call& call, std::size_t index) {
  const Value item = call[0].item(index);
  return call.lambda == nullptr ? Outcome(item) : call.evaluation.call(*call.lambda, {item, number_of(index)});
}

struct Keyed {
  Value key;
  Value item;
};

bool comes_last(const Value& key) {
  return key.kind() == Value::Kind::kNull || (key.kind() == Value::Kind::kNumber && std::isnan(key.number()));
}

/// Orders by key; fails the evaluation where two keys cannot be ordered, and when the budget is spent.
class KeyOrder {
 public:
  KeyOrder(Evaluation& evaluation, bool descending) : evaluation_(evaluation), descending_(descending) {}

  [[nodiscard]] bool failed() const { return failed_; }

  bool operator()(const Keyed& left, const Keyed& right) {
    // Null and NaN come last, whatever the direction.
    if (failed_ || comes_last(left.key)) return false;
    if (comes_last(right.key)) return true;
    if (!evaluation_.spend(1) || !evaluation_.spend_scan(std::min(left.key.text().size(), right.key.text().size()))) {
      failed_ = true;
      return false;
    }
    return descending_ ? less(right.key, left.key) : less(left.key, right.key);
  }

 private:
  Evaluation& evaluation_;
  bool descending_;
  bool failed_ = false;
};

bool check_keys(Evaluation& evaluation, const std::vector<Keyed>& keyed) {
  const Value* first = nullptr;
  for (const Keyed& one : keyed) {
    if (comes_last(one.key)) continue;
    if (!one.key.is_primitive()) {
      evaluation.fail_with("a key of `sortBy` is " + std::string(type_name(one.key.kind())) +
                           ", and only strings, numbers and booleans have an order");
      return false;
    }
    if (first == nullptr) first = &one.key;
    if (first->kind() != one.key.kind()) {
      evaluation.fail_with("the keys of `sortBy` are of two types, " + std::string(type_name(first->kind())) + " and " +
                               std::string(type_name(one.key.kind())),
                           "make them one type, as with `format('{0}', x.key)`");
      return false;
    }
  }
  return true;
}

/// Empty when neither `asc` nor `desc` is asked for.
std::optional<bool> descending(const Call& call) {
  if (!call.has(2)) return false;
  if (call[2].text() == "desc") return true;
  if (call[2].text() == "asc") return false;
  call.evaluation.fail_with("the order of `sortBy` is neither 'asc' nor 'desc'");
  return std::nullopt;
}

}  // namespace

Outcome call_map(const Call& call) {
  ListMaker mapped(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Outcome value = call.evaluation.call(*call.lambda, {call[0].item(i), number_of(i)});
    if (!value || !mapped.add(*value)) return std::nullopt;
  }
  return mapped.take();
}

Outcome call_filter(const Call& call) {
  ListMaker kept(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Value item = call[0].item(i);
    const Outcome wanted = call.evaluation.call(*call.lambda, {item, number_of(i)});
    if (!wanted) return std::nullopt;
    if (wanted->is_truthy() && !kept.add(item)) return std::nullopt;
  }
  return kept.take();
}

Outcome call_reduce(const Call& call) {
  Value result = call[2];
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Outcome value = call.evaluation.call(*call.lambda, {result, call[0].item(i), number_of(i)});
    if (!value) return std::nullopt;
    result = *value;
  }
  return result;
}

Outcome call_sort_by(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const auto backwards = descending(call);
  if (!backwards || !evaluation.has_room(2 * call[0].size() * sizeof(Keyed))) return std::nullopt;
  std::vector<Keyed> keyed;
  keyed.reserve(call[0].size());
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Outcome key = key_of(call, i);
    if (!key || !evaluation.spend(1)) return std::nullopt;
    keyed.push_back({*key, call[0].item(i)});
  }
  KeyOrder order(evaluation, *backwards);
  if (!check_keys(evaluation, keyed)) return std::nullopt;
  std::stable_sort(keyed.begin(), keyed.end(), std::ref(order));
  if (order.failed()) return std::nullopt;
  ListMaker sorted(evaluation);
  for (const Keyed& one : keyed) {
    if (!sorted.add(one.item)) return std::nullopt;
  }
  return sorted.take();
}

Outcome call_group_by(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  // Ordered, and not hashed: who sends the keys cannot make it slow.
  std::map<std::string_view, std::size_t> places;
  std::vector<std::pair<std::string_view, ListMaker>> groups;
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Outcome key = key_of(call, i);
    if (!key) return std::nullopt;
    if (!key->is_primitive()) {
      return evaluation.fail_with("a key of `groupBy` is " + std::string(type_name(key->kind())) + ", and not a string");
    }
    const auto name = evaluation.text_of(*key);
    if (!name || !evaluation.spend(4) || !evaluation.spend_scan(4 * name->size())) return std::nullopt;
    const auto [place, fresh] = places.emplace(*name, groups.size());
    constexpr std::size_t kGroup = 256;
    if (fresh && !evaluation.reserve(kGroup)) return std::nullopt;
    if (fresh) groups.emplace_back(*name, ListMaker(evaluation));
    if (!groups[place->second].second.add(call[0].item(i))) return std::nullopt;
  }
  Value::Members members;
  members.reserve(groups.size());
  for (auto& [name, items] : groups) {
    const Outcome list = items.take();
    if (!list) return std::nullopt;
    members.emplace_back(name, *list);
  }
  return evaluation.keep(std::move(members));
}

}  // namespace ipaas::language
