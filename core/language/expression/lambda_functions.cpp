// map, filter, reduce, sortBy, groupBy.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

Value number_of(std::size_t index) { return Value::number(static_cast<double>(index)); }

/// The lambda's value for an item; the item itself where there is no lambda.
Outcome key_of(const Call& call, std::size_t index) {
  const Value item = call[0].item(index);
  return call.lambda == nullptr ? Outcome(item) : call.evaluation.call(*call.lambda, {item, number_of(index)});
}

bool comes_last(const Value& key) {
  return key.kind() == Value::Kind::kNull || (key.kind() == Value::Kind::kNumber && std::isnan(key.number()));
}

/// Orders by key; fails the evaluation where two keys cannot be ordered, and when the budget is spent.
class KeyOrder {
 public:
  KeyOrder(Evaluation& evaluation, const Value::List& keys, bool descending)
      : evaluation_(evaluation), keys_(keys), descending_(descending) {}

  [[nodiscard]] bool failed() const { return failed_; }

  bool operator()(std::uint32_t left_index, std::uint32_t right_index) {
    const Value& left = keys_[left_index];
    const Value& right = keys_[right_index];
    // Null and NaN come last, whatever the direction.
    if (failed_ || comes_last(left)) return false;
    if (comes_last(right)) return true;
    if (!evaluation_.spend(1) || !evaluation_.spend_scan(comparison_cost(left.text(), right.text()))) {
      failed_ = true;
      return false;
    }
    return descending_ ? less(right, left) : less(left, right);
  }

 private:
  Evaluation& evaluation_;
  const Value::List& keys_;
  bool descending_;
  bool failed_ = false;
};

bool check_keys(Evaluation& evaluation, const Value::List& keys) {
  const Value* first = nullptr;
  for (const Value& key : keys) {
    if (comes_last(key)) continue;
    if (!key.is_primitive()) {
      evaluation.fail_with("a key of `sortBy` is " + std::string(type_name(key.kind())) +
                           ", and only strings, numbers and booleans have an order");
      return false;
    }
    if (first == nullptr) first = &key;
    if (first->kind() != key.kind()) {
      evaluation.fail_with("the keys of `sortBy` are of two types, " + std::string(type_name(first->kind())) + " and " +
                               std::string(type_name(key.kind())),
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
  const std::size_t size = call[0].size();
  if (!backwards || !evaluation.has_room(size * (sizeof(Value) + 2 * sizeof(std::uint32_t)))) return std::nullopt;
  Value::List keys;
  std::vector<std::uint32_t> order;
  keys.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Outcome key = key_of(call, i);
    if (!key || !evaluation.spend(1)) return std::nullopt;
    keys.push_back(*key);
    order.push_back(static_cast<std::uint32_t>(i));
  }
  KeyOrder by_key(evaluation, keys, *backwards);
  if (!check_keys(evaluation, keys)) return std::nullopt;
  std::stable_sort(order.begin(), order.end(), std::ref(by_key));
  if (by_key.failed()) return std::nullopt;
  ListMaker sorted(evaluation);
  for (const std::uint32_t i : order) {
    if (!sorted.add(call[0].item(i))) return std::nullopt;
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
