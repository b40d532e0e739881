// pick, omit, merge, keys, values, entries, fromEntries.
#include <algorithm>
#include <map>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMember = sizeof(Value::Members::value_type);

/// An object in the making; of members with one name the last value stays, in the first one's place.
class ObjectMaker {
 public:
  explicit ObjectMaker(Evaluation& evaluation) : evaluation_(evaluation) {}

  [[nodiscard]] bool set(std::string_view name, const Value& value) {
    // Ordered, and not hashed: who sends the names cannot make it slow.
    constexpr std::size_t kPlace = 64;
    if (!evaluation_.spend(4) || !evaluation_.spend_scan(4 * name.size())) return false;
    const auto [place, fresh] = places_.emplace(name, members_.size());
    if (!fresh) {
      members_[place->second].second = value;
      return true;
    }
    if (!evaluation_.reserve(kMember + kPlace)) return false;
    members_.emplace_back(name, value);
    return true;
  }

  [[nodiscard]] Outcome take() { return evaluation_.keep(std::move(members_)); }

 private:
  Evaluation& evaluation_;
  Value::Members members_;
  std::map<std::string_view, std::size_t> places_;
};

/// For each member whether the arguments after the first name it, each by itself or in an array. Empty after a failure.
std::optional<std::vector<bool>> named_members(const Call& call) {
  if (!call.evaluation.has_room(call[0].size())) return std::nullopt;
  std::vector<bool> named(call[0].size());
  const auto add = [&](const Value& name) {
    const auto text = call.evaluation.text_of(name);
    // Half an operation for each member, and more where long names begin alike.
    if (!text || !call.evaluation.spend(1 + call[0].size() * (folding_cost(*text) + 32) / 64)) return false;
    if (const auto found = call[0].find(*text)) named[*found] = true;
    return true;
  };
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (call[i].kind() != Value::Kind::kArray) {
      if (!add(call[i])) return std::nullopt;
      continue;
    }
    for (std::size_t k = 0; k < call[i].size(); ++k) {
      if (!add(call[i].item(k))) return std::nullopt;
    }
  }
  return named;
}

Outcome select(const Call& call, bool wanted) {
  const auto named = named_members(call);
  if (!named || !call.evaluation.spend(call[0].size())) return std::nullopt;
  const auto count = static_cast<std::size_t>(std::count(named->begin(), named->end(), wanted));
  if (!call.evaluation.reserve(count * kMember)) return std::nullopt;
  Value::Members members;
  members.reserve(count);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    if ((*named)[i] == wanted) members.emplace_back(call[0].key(i), call[0].item(i));
  }
  return call.evaluation.keep(std::move(members));
}

/// `{key, value}` or `[key, value]`.
std::optional<std::pair<Value, Value>> read_entry(const Value& entry) {
  if (entry.kind() == Value::Kind::kArray && entry.size() == 2) return std::pair(entry.item(0), entry.item(1));
  const auto key = entry.find("key");
  const auto value = entry.find("value");
  if (!key || !value) return std::nullopt;
  return std::pair(entry.item(*key), entry.item(*value));
}

}  // namespace

Outcome call_pick(const Call& call) { return select(call, true); }

Outcome call_omit(const Call& call) { return select(call, false); }

Outcome call_merge(const Call& call) {
  ObjectMaker merged(call.evaluation);
  for (const Value& object : call.arguments) {
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (!merged.set(object.key(i), object.item(i))) return std::nullopt;
    }
  }
  return merged.take();
}

Outcome call_keys(const Call& call) {
  ListMaker keys(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    if (!keys.add(Value::text(call[0].key(i)))) return std::nullopt;
  }
  return keys.take();
}

Outcome call_values(const Call& call) {
  ListMaker values(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    if (!values.add(call[0].item(i))) return std::nullopt;
  }
  return values.take();
}

Outcome call_entries(const Call& call) {
  ListMaker entries(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    if (!call.evaluation.reserve(2 * kMember)) return std::nullopt;
    const Outcome entry =
        call.evaluation.keep(Value::Members{{"key", Value::text(call[0].key(i))}, {"value", call[0].item(i)}});
    if (!entry || !entries.add(*entry)) return std::nullopt;
  }
  return entries.take();
}

Outcome call_from_entries(const Call& call) {
  ObjectMaker made(call.evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    // Two look-ups, which may walk all members.
    const Value item = call[0].item(i);
    if (!call.evaluation.spend(1 + (item.kind() == Value::Kind::kObject ? 2 * item.size() : 0))) return std::nullopt;
    const auto entry = read_entry(item);
    if (!entry || !entry->first.is_primitive()) {
      return call.evaluation.fail_with("item " + std::to_string(i) + " given to `fromEntries` is no entry",
                                       "an entry is `{key, value}` or `[key, value]`, and its key a string");
    }
    const auto key = call.evaluation.text_of(entry->first);
    if (!key || !made.set(*key, entry->second)) return std::nullopt;
  }
  return made.take();
}

}  // namespace ipaas::language
