#include "core/language/expression/evaluation.h"

#include <algorithm>

#include "core/language/expression/functions.h"

namespace ipaas::language {

Outcome Evaluation::evaluate(const Node& node) {
  if (!spend(1)) return std::nullopt;
  return std::visit([this](const auto& is) { return evaluate_is(is); }, node.is);
}

Outcome Evaluation::evaluate_is(const Literal& literal) { return Value::of(literal.value); }

Outcome Evaluation::evaluate_is(const ContextAccess& access) {
  const Json* found = context_.context(access.name);
  return found == nullptr ? Value() : Value::of(*found);
}

Outcome Evaluation::evaluate_is(const Negation& negation) {
  const Outcome operand = evaluate(*negation.operand);
  if (!operand) return std::nullopt;
  return Value::boolean(!operand->is_truthy());
}

Outcome Evaluation::evaluate_is(const Logical& logical) {
  Outcome result;
  for (const NodePtr& operand : logical.operands) {
    result = evaluate(*operand);
    if (!result || result->is_truthy() != logical.is_and) break;
  }
  return result;
}

Outcome Evaluation::evaluate_is(const StatusCall& call) {
  return Value::boolean(context_.status_function(call.name));
}

Outcome Evaluation::evaluate_is(const FunctionCall& call) {
  if (call.function->lazy != nullptr) return call.function->lazy(*this, call.arguments);
  std::vector<Value> arguments;
  arguments.reserve(call.arguments.size());
  for (const NodePtr& argument : call.arguments) {
    const Outcome value = evaluate(*argument);
    if (!value) return std::nullopt;
    arguments.push_back(*value);
  }
  return call.function->eager(*this, arguments);
}

Outcome Evaluation::evaluate_is(const Comparison& comparison) {
  Outcome left = evaluate(*comparison.first);
  for (const auto& [comparison_operator, operand] : comparison.rest) {
    if (!left) return std::nullopt;
    const Outcome right = evaluate(*operand);
    if (!right) return std::nullopt;
    const auto holds = compare(comparison_operator, *left, *right);
    if (!holds) return std::nullopt;
    left = Value::boolean(*holds);
  }
  return left;
}

std::optional<bool> Evaluation::compare(CompareOperator comparison, const Value& left, const Value& right) {
  // Comparing stops at the end of the shorter text; making a number of a text reads all of it.
  const std::size_t scanned = left.kind() == right.kind() ? std::min(left.text().size(), right.text().size())
                                                          : left.text().size() + right.text().size();
  if (!spend_scan(scanned)) return std::nullopt;
  switch (comparison) {
    case CompareOperator::kEqual: return equals(left, right);
    case CompareOperator::kNotEqual: return !equals(left, right);
    case CompareOperator::kLess: return less(left, right);
    case CompareOperator::kLessEqual: return equals(left, right) || less(left, right);
    case CompareOperator::kGreater: return less(right, left);
    case CompareOperator::kGreaterEqual: break;
  }
  return equals(left, right) || less(right, left);
}

bool Evaluation::spend(std::size_t operations) {
  if (operations > left_.operations) {
    exhaust("the expression takes more operations than it may");
    return false;
  }
  left_.operations -= operations;
  return true;
}

bool Evaluation::has_room(std::size_t bytes) {
  if (bytes <= left_.bytes) return true;
  exhaust("the expression takes more memory than it may");
  return false;
}

bool Evaluation::reserve(std::size_t bytes) {
  if (!has_room(bytes)) return false;
  left_.bytes -= bytes;
  return true;
}

Value Evaluation::keep(std::string text) { return Value::text(texts_.emplace_front(std::move(text))); }

Value Evaluation::keep(Json json) { return Value::of(values_.emplace_front(std::move(json))); }

Value Evaluation::keep(std::vector<Value> filtered) {
  return Value::filtered(arrays_.emplace_front(std::move(filtered)));
}

std::optional<std::string_view> Evaluation::text_of(const Value& value) {
  if (value.kind() == Value::Kind::kText) return value.text();
  std::string text = value.to_text();
  if (!reserve(text.size())) return std::nullopt;
  return keep(std::move(text)).text();
}

Outcome Evaluation::fail_with(std::string message, std::string hint) {
  error_ = Error{ErrorKind::kInvalid, std::move(message), std::move(hint), "expression_failed"};
  return std::nullopt;
}

void Evaluation::exhaust(std::string message) {
  error_ = Error{ErrorKind::kInvalid, std::move(message), "work on less data in one expression", "budget_exceeded"};
}

std::optional<Json> Evaluation::copy_out(const Value& value) {
  Json copy;
  if (!copy_into(copy, value)) return std::nullopt;
  return copy;
}

bool Evaluation::copy_into(Json& target, const Value& value) {
  if (const Json* json = value.json()) return copy_into(target, *json);
  if (value.kind() != Value::Kind::kArray) {
    target = value.to_json_scalar();
    return true;  // a text was reserved when it was made
  }
  target = Json::array();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!reserve(sizeof(Json)) || !copy_into(target.emplace_back(), value.item(i))) return false;
  }
  return true;
}

bool Evaluation::copy_into(Json& target, const Json& source) {
  if (const auto* text = source.get_ptr<const Json::string_t*>()) {
    if (!reserve(text->size())) return false;
    target = *text;
  } else if (const auto* array = source.get_ptr<const Json::array_t*>()) {
    target = Json::array();
    for (const Json& item : *array) {
      if (!reserve(sizeof(Json)) || !copy_into(target.emplace_back(), item)) return false;
    }
  } else if (const auto* object = source.get_ptr<const Json::object_t*>()) {
    target = Json::object();
    auto& members = *target.get_ptr<Json::object_t*>();
    members.reserve(object->size());
    for (const auto& [key, member] : *object) {
      if (!reserve(sizeof(Json) + key.size())) return false;
      // Straight to the end: looking for the key would make this quadratic, and the source's keys are unique.
      auto& copied = static_cast<std::vector<Json::object_t::value_type>&>(members).emplace_back(key, Json());
      if (!copy_into(copied.second, member)) return false;
    }
  } else {
    target = source;
  }
  return true;
}

}  // namespace ipaas::language
