// Property access, indexing and filters of an evaluation.
#include <cmath>

#include "core/language/expression/evaluation.h"
#include "core/language/expression/folding.h"

namespace ipaas::language {

/// An index as both kinds of containers understand it.
struct Evaluation::Key {
  std::optional<std::string_view> name;  ///< for objects; none where an array or object is the index
  double position = 0;                   ///< for arrays, perhaps NaN or negative
};

std::optional<Evaluation::Found> Evaluation::find_in(const Value& object, const Key& key) {
  if (object.kind() == Value::Kind::kObject) {
    if (!key.name) return Found();
    // A look-up walks the members; it costs what it takes when all names begin alike.
    if (!spend(object.size() * (folding_cost(*key.name) + 16) / 64)) return std::nullopt;
    const auto found = object.find(*key.name);
    return found ? Found(object.item(*found)) : Found();
  }
  if (object.kind() != Value::Kind::kArray || object.is_filtered()) return Found();
  const double position = std::floor(key.position);
  if (!(position >= 0) || !(position < static_cast<double>(object.size()))) return Found();
  return object.item(static_cast<std::size_t>(position));
}

Outcome Evaluation::take_index(const Value& object, const Key& key) {
  if (!object.is_filtered()) {
    const auto found = find_in(object, key);
    if (!found) return std::nullopt;
    return found->value_or(Value());
  }
  ListMaker taken(*this);
  for (std::size_t i = 0; i < object.size(); ++i) {
    const auto found = spend(1) ? find_in(object.item(i), key) : std::nullopt;
    if (!found) return std::nullopt;
    if (*found && !taken.add(**found)) return std::nullopt;
  }
  return taken.take_filtered();
}

/// `steps.id.outputs`, without making an object of all steps.
std::optional<Value> Evaluation::find_part(const PropertyAccess& access) const {
  const auto* key = std::get_if<PropertyAccess>(&access.object->is);
  const auto* context = key == nullptr ? nullptr : std::get_if<ContextAccess>(&key->object->is);
  if (context == nullptr) return std::nullopt;
  const auto part = context_.property(context->name, key->key, access.key);
  if (!part) return std::nullopt;
  return *part == nullptr ? Value() : Value::of(**part);
}

Outcome Evaluation::evaluate_is(const PropertyAccess& access) {
  if (const auto part = find_part(access)) return *part;
  const Outcome object = evaluate(*access.object);
  if (!object) return std::nullopt;
  // `list['1']` is the second item of a list, as `list[1]` is.
  const bool on_array = object->kind() == Value::Kind::kArray;
  return take_index(*object, {access.key, on_array ? Value::text(access.key).to_number() : 0});
}

Outcome Evaluation::evaluate_is(const IndexAccess& access) {
  const Outcome object = evaluate(*access.object);
  if (!object) return std::nullopt;
  const Outcome index = evaluate(*access.index);
  if (!index) return std::nullopt;
  if (!spend_scan(index->text().size())) return std::nullopt;
  Key key{std::nullopt, index->to_number()};
  if (index->is_primitive()) {
    key.name = text_of(*index);
    if (!key.name) return std::nullopt;
  }
  return take_index(*object, key);
}

Outcome Evaluation::evaluate_is(const Filter& filter) {
  const Outcome object = evaluate(*filter.object);
  if (!object) return std::nullopt;
  ListMaker items(*this);
  const auto add_all = [&](const Value& container) {
    for (std::size_t i = 0; i < container.size(); ++i) {
      if (!items.add(container.item(i))) return false;
    }
    return true;
  };
  if (!object->is_filtered()) {
    if (!add_all(*object)) return std::nullopt;
  } else {
    // A second filter goes one level deeper.
    for (std::size_t i = 0; i < object->size(); ++i) {
      if (!spend(1) || !add_all(object->item(i))) return std::nullopt;
    }
  }
  return items.take_filtered();
}

}  // namespace ipaas::language
