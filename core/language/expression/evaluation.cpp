#include "core/language/expression/evaluation.h"

#include <algorithm>
#include <array>

#include "core/language/expression/folding.h"
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

Outcome Evaluation::evaluate_is(const VariableAccess& access) { return variables_[access.slot]; }

// A lambda is called by the function that it is given to, and is no value by itself.
Outcome Evaluation::evaluate_is(const Lambda&) { return Value(); }

Outcome Evaluation::evaluate_is(const FunctionCall& call) {
  const FunctionCall* outer = std::exchange(current_call_, &call);
  Outcome result = run(call);
  // After a failure the call at fault stays, for its position.
  if (result) current_call_ = outer;
  return result;
}

Outcome Evaluation::run(const FunctionCall& call) {
  if (call.function->lazy != nullptr) return call.function->lazy(*this, call.arguments);
  constexpr std::size_t kUsual = 4;
  if (call.arguments.size() <= kUsual) {
    std::array<Value, kUsual> arguments;
    return run(call, std::span(arguments).first(call.arguments.size()));
  }
  std::vector<Value> arguments(call.arguments.size());
  return run(call, arguments);
}

Outcome Evaluation::run(const FunctionCall& call, std::span<Value> arguments) {
  Call made{*this, arguments, nullptr, call.pattern.get()};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (const auto* lambda = std::get_if<Lambda>(&call.arguments[i]->is)) {
      made.lambda = lambda;
      continue;
    }
    const Outcome value = evaluate(*call.arguments[i]);
    if (!value) return std::nullopt;
    arguments[i] = *value;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::uint16_t accepts = call.function->parameter(i).accepts;
    if (accepts == Accepts::kAny || accepts == Accepts::kLambda) continue;
    if (!convert_argument(*this, *call.function, i, arguments[i])) return std::nullopt;
    if (accepts == Accepts::kPattern && made.pattern == nullptr) {
      made.pattern = pattern_of(arguments[i].text());
      if (made.pattern == nullptr) return std::nullopt;
    }
  }
  return call.function->eager(made);
}

Outcome Evaluation::call(const Lambda& lambda, std::initializer_list<Value> arguments) {
  if (variables_.size() < lambda.first_slot + lambda.parameters) variables_.resize(lambda.first_slot + lambda.parameters);
  const Value* argument = arguments.begin();
  for (std::size_t i = 0; i < lambda.parameters; ++i) variables_[lambda.first_slot + i] = *argument++;
  return evaluate(*lambda.body);
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
  const bool alike = left.kind() == right.kind();
  const std::size_t scanned = alike ? comparison_cost(left.text(), right.text()) : left.text().size() + right.text().size();
  const bool twice = comparison == CompareOperator::kLessEqual || comparison == CompareOperator::kGreaterEqual;
  if (!spend_scan(twice ? 2 * scanned : scanned)) return std::nullopt;
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

Outcome Evaluation::keep(std::string text) {
  if (!reserve(kHolder)) return std::nullopt;
  return Value::text(texts_.emplace_front(std::move(text)));
}

Outcome Evaluation::keep(Json json) {
  if (!reserve(kHolder)) return std::nullopt;
  return Value::of(values_.emplace_front(std::move(json)));
}

Outcome Evaluation::keep(Value::Members members) {
  if (!reserve(kHolder)) return std::nullopt;
  return check_levels(Value::object(objects_.emplace_front(std::move(members))));
}

Outcome Evaluation::keep_list(Value::List items) {
  if (!reserve(kHolder)) return std::nullopt;
  return check_levels(Value::list(lists_.emplace_front(std::move(items))));
}

Outcome Evaluation::keep_filtered(Value::List items) {
  if (!reserve(kHolder)) return std::nullopt;
  return check_levels(Value::filtered(lists_.emplace_front(std::move(items))));
}

Outcome Evaluation::check_levels(const Value& made) {
  if (made.made_levels() <= kMostMadeLevels) return made;
  exhaust("the expression nests arrays and objects deeper than it may");
  return std::nullopt;
}

std::optional<std::string_view> Evaluation::text_of(const Value& value) {
  if (value.kind() == Value::Kind::kText) return value.text();
  if (!spend(kNumberText)) return std::nullopt;
  std::string text = value.to_text();
  if (!reserve(text.size())) return std::nullopt;
  const Outcome kept = keep(std::move(text));
  return kept ? std::optional(kept->text()) : std::nullopt;
}

// What takes long to compile is charged before, by its length, and after, by what has become of it.
const Pattern* Evaluation::pattern_of(std::string_view text) {
  for (const auto& [known, pattern] : patterns_) {
    if (!spend(1 + text.size() / kBytesPerOperation)) return nullptr;
    if (known == text) return pattern.get();
  }
  if (const auto why = Pattern::oversize(text); !why.empty()) {
    fail_with(std::string(why));
    return nullptr;
  }
  // A class such as `(?i)\pL` takes 0.2 ms and 33 KB, two bytes of any other pattern a µs and a few ranges.
  constexpr std::size_t kClassOperations = 2'500;
  constexpr std::size_t kClassBytes = 32 * 1024;
  constexpr std::size_t kBytesPerByte = 64;
  const std::size_t classes = Pattern::classes(text);
  if (!spend(1'000 + 20 * text.size() + kClassOperations * classes)) return nullptr;
  if (!reserve(kHolder + kBytesPerByte * text.size() + kClassBytes * classes)) return nullptr;
  auto compiled = Pattern::compile(text);
  if (!compiled) {
    // Unlike a pattern that is written in the workflow, this one may come from a payload: it is not shown.
    fail_with("the pattern is not a regular expression, or too large", compiled.error().hint);
    return nullptr;
  }
  constexpr std::size_t kInstruction = 64;
  if (!spend(10 * compiled->size()) || !reserve(kInstruction * compiled->size())) return nullptr;
  return patterns_.emplace_front(text, std::make_shared<const Pattern>(std::move(*compiled))).second.get();
}

Outcome Evaluation::fail_with(std::string message, std::string hint) {
  error_ = Error{ErrorKind::kInvalid, std::move(message), std::move(hint), "expression_failed"};
  if (current_call_ != nullptr) error_->position = current_call_->position;
  return std::nullopt;
}

void Evaluation::exhaust(std::string message) {
  error_ = Error{ErrorKind::kInvalid, std::move(message), "work on less data in one expression", "budget_exceeded"};
  if (current_call_ != nullptr) error_->position = current_call_->position;
}

std::optional<Json> Evaluation::copy_out(const Value& value) {
  // A text that was made here was paid for when it was made.
  if (value.kind() == Value::Kind::kText && value.json() == nullptr) return Json(value.text());
  Json copy;
  if (!copy_into(copy, value)) return std::nullopt;
  return copy;
}

bool Evaluation::copy_into(Json& target, const Value& value) {
  if (const Json* json = value.json()) return copy_into(target, *json);
  if (value.kind() == Value::Kind::kArray) {
    target = Json::array();
    target.get_ptr<Json::array_t*>()->reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!reserve(sizeof(Json)) || !copy_into(target.emplace_back(), value.item(i))) return false;
    }
    return true;
  }
  if (value.kind() == Value::Kind::kObject) {
    target = Json::object();
    JsonMembers& members = members_of(target);
    members.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string_view key = value.key(i);
      if (!reserve(sizeof(Json) + sizeof(std::string) + key.size())) return false;
      if (!copy_into(members.emplace_back(key, Json()).second, value.item(i))) return false;
    }
    return true;
  }
  // Any number of items may be views of one text.
  if (!reserve(value.text().size())) return false;
  target = value.to_json_scalar();
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
