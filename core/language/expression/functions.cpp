#include "core/language/expression/functions.h"

#include <algorithm>
#include <cmath>

#include "core/language/expression/folding.h"

namespace ipaas::language {
namespace {

using enum Accepts::Bits;

constexpr std::size_t kManyArguments = 255;

struct TypeName {
  std::uint16_t bit;
  std::string_view name;
};
constexpr std::array kTypeNames = {
    TypeName{kString, "string"}, TypeName{kNumber, "number"}, TypeName{kBoolean, "boolean"},
    TypeName{kArray, "array"},   TypeName{kObject, "object"}, TypeName{kNull, "null"},
    TypeName{kLambda, "lambda"}, TypeName{kPattern, "pattern"}, TypeName{kTime, "time"},
};

std::uint16_t bit_of(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNull: return kNull;
    case Value::Kind::kBoolean: return kBoolean;
    case Value::Kind::kNumber: return kNumber;
    case Value::Kind::kText: return kString;
    case Value::Kind::kArray: return kArray;
    case Value::Kind::kObject: break;
  }
  return kObject;
}

std::string with_article(std::string_view type) {
  if (type == "null") return "null";
  return (type.front() == 'a' || type.front() == 'o' ? "an " : "a ") + std::string(type);
}

/// `a string or an array`
std::string phrase_of(std::uint16_t accepts) {
  std::string phrase;
  for (const TypeName& type : kTypeNames) {
    if ((accepts & type.bit) != 0) phrase += (phrase.empty() ? "" : " or ") + with_article(type.name);
  }
  return phrase;
}

std::string hint_for(std::uint16_t accepts, const Value& argument) {
  if (accepts == kArray && argument.kind() == Value::Kind::kObject) return "take its `entries(…)` or `values(…)`";
  if (accepts == kNumber && argument.kind() == Value::Kind::kText) return "the string does not spell a number";
  if (argument.kind() == Value::Kind::kNull) return "what may be missing can be given a default with `coalesce(…)`";
  if (accepts == kString && !argument.is_primitive()) return "`toJSON(…)` makes a string of anything";
  return {};
}

bool refuse(Evaluation& evaluation, const Function& function, std::size_t index, const Value& argument) {
  const Parameter& parameter = function.parameter(index);
  evaluation.fail_with("`" + std::string(function.doc.name) + "` takes " + phrase_of(parameter.accepts) + " as argument " +
                           std::to_string(index + 1) + " (`" + std::string(parameter.name) + "`), not " +
                           with_article(type_name(argument.kind())),
                       hint_for(parameter.accepts, argument));
  return false;
}

bool convert_to_text(Evaluation& evaluation, Value& argument) {
  const auto text = evaluation.text_of(argument);
  if (text) argument = Value::text(*text);
  return text.has_value();
}

}  // namespace

std::size_t Function::min_arguments() const {
  const auto parameters = parameters_of(doc);
  const auto needed = [](const Parameter& parameter) { return !parameter.optional; };
  return static_cast<std::size_t>(std::count_if(parameters.begin(), parameters.end(), needed));
}

std::size_t Function::max_arguments() const {
  const auto parameters = parameters_of(doc);
  return !parameters.empty() && parameters.back().repeated ? kManyArguments : parameters.size();
}

const Parameter& Function::parameter(std::size_t index) const {
  const auto parameters = parameters_of(doc);
  return parameters[std::min(index, parameters.size() - 1)];
}

std::string_view type_name(Value::Kind kind) {
  const std::uint16_t bit = bit_of(kind);
  return std::find_if(kTypeNames.begin(), kTypeNames.end(), [bit](const TypeName& type) { return type.bit == bit; })->name;
}

std::string types_text(std::uint16_t accepts) {
  if (accepts == kAny) return "any";
  std::string text;
  for (const TypeName& type : kTypeNames) {
    if ((accepts & type.bit) != 0) text += (text.empty() ? "" : "|") + std::string(type.name);
  }
  return text;
}

std::span<const Parameter> parameters_of(const FunctionDoc& function) {
  const auto end = std::find_if(function.parameters.begin(), function.parameters.end(),
                                [](const Parameter& parameter) { return parameter.name.empty(); });
  return {function.parameters.begin(), static_cast<std::size_t>(end - function.parameters.begin())};
}

std::string signature_of(const FunctionDoc& function) {
  std::string text = std::string(function.name) + "(";
  for (const Parameter& parameter : parameters_of(function)) {
    if (text.back() != '(') text += ", ";
    text += parameter.repeated ? "..." : "";
    text += std::string(parameter.name) + (parameter.optional ? "?: " : ": ") + types_text(parameter.accepts);
  }
  return text + ") -> " + std::string(function.returns);
}

bool convert_argument(Evaluation& evaluation, const Function& function, std::size_t index, Value& argument) {
  const Parameter& parameter = function.parameter(index);
  const Value::Kind kind = argument.kind();
  if ((parameter.accepts & bit_of(kind)) != 0) return true;
  if (parameter.optional && kind == Value::Kind::kNull) return true;
  if ((parameter.accepts == kString || parameter.accepts == kPattern) && argument.is_primitive()) {
    return convert_to_text(evaluation, argument);
  }
  if (parameter.accepts == kTime && (kind == Value::Kind::kText || kind == Value::Kind::kNumber)) return true;
  if (parameter.accepts == kNumber && kind == Value::Kind::kText) {
    if (!evaluation.spend_scan(argument.text().size())) return false;
    if (const auto number = as_number(argument)) {
      argument = Value::number(*number);
      return true;
    }
  }
  return refuse(evaluation, function, index, argument);
}

std::optional<double> as_number(const Value& value) {
  if (value.kind() == Value::Kind::kNumber) return value.to_number();
  // Nothing but white space is 0 to the language; here it is a field that somebody left empty.
  if (value.kind() != Value::Kind::kText || trim_space(value.text()).empty()) return std::nullopt;
  const double number = value.to_number();
  return std::isnan(number) ? std::nullopt : std::optional(number);
}

std::optional<std::int64_t> whole_number(const Call& call, std::size_t index, std::string_view what) {
  const double number = call[index].to_number();
  if (std::isnan(number)) {
    call.evaluation.fail_with(std::string(what) + " is NaN", "give a whole number");
    return std::nullopt;
  }
  constexpr double kFar = 1e15;
  return static_cast<std::int64_t>(std::clamp(std::trunc(number), -kFar, kFar));
}

}  // namespace ipaas::language
