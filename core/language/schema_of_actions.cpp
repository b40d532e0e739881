#include "core/language/schema_of_actions.h"

#include <algorithm>

namespace ipaas::language {
namespace {

using Type = ActionInput::Type;

/// One `${{ }}` alone may give a value of any type.
const Json& one_expression() {
  static const Json schema{{"type", "string"}, {"pattern", "^\\$\\{\\{[\\s\\S]*\\}\\}$"}};
  return schema;
}

const char* type_name(Type type) {
  switch (type) {
    case Type::kNumber: return "number";
    case Type::kBoolean: return "boolean";
    case Type::kObject: return "object";
    case Type::kArray: return "array";
    default: return "string";
  }
}

Json schema_of(const ActionInput& input) {
  Json schema = Json::object();
  if (!input.options.empty()) {
    schema["anyOf"] = Json::array({Json{{"enum", input.options}}, Json{{"type", "string"}, {"pattern", "\\$\\{\\{"}}});
  } else if (input.deferred) {
    schema["type"] = Json::array({"string", "number", "boolean"});
  } else if (input.type == Type::kString) {
    schema["type"] = "string";
  } else if (input.type != Type::kAny) {
    schema["anyOf"] = Json::array({Json{{"type", type_name(input.type)}}, one_expression()});
  }
  if (!input.description.empty()) schema["description"] = input.description;
  return schema;
}

bool holds(const std::vector<std::string>& group, const std::string& name) {
  return std::find(group.begin(), group.end(), name) != group.end();
}

/// No two of a group; and one of it, where one of it is required.
void add_group(const ActionInfo& action, const std::vector<std::string>& group, Json& rules) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t j = i + 1; j < group.size(); ++j) rules.push_back(Json{{"not", {{"required", {group[i], group[j]}}}}});
  }
  const bool needed = std::any_of(action.inputs.begin(), action.inputs.end(),
                                  [&](const ActionInput& input) { return input.required && holds(group, input.name); });
  if (!needed) return;
  Json any = Json::array();
  for (const std::string& name : group) any.push_back(Json{{"required", {name}}});
  rules.push_back(Json{{"anyOf", std::move(any)}});
}

bool in_a_group(const ActionInfo& action, const std::string& name) {
  return std::any_of(action.exclusive.begin(), action.exclusive.end(), [&](const auto& group) { return holds(group, name); });
}

bool needs_inputs(const ActionInfo& action) {
  return std::any_of(action.inputs.begin(), action.inputs.end(), [](const ActionInput& input) { return input.required; });
}

}  // namespace

Json schema_of_inputs(const ActionInfo& action) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const ActionInput& input : action.inputs) {
    properties[input.name] = schema_of(input);
    if (input.required && !in_a_group(action, input.name)) required.push_back(input.name);
  }
  Json schema{{"type", needs_inputs(action) ? Json("object") : Json{"object", "null"}},
              {"additionalProperties", false},
              {"properties", std::move(properties)}};
  if (!action.description.empty()) schema["description"] = action.description;
  if (!required.empty()) schema["required"] = std::move(required);
  Json rules = Json::array();
  for (const auto& group : action.exclusive) add_group(action, group, rules);
  if (!rules.empty()) schema["allOf"] = std::move(rules);
  return schema;
}

Json schema_of_use(const ActionInfo& action, Json inputs) {
  Json properties{{"with", std::move(inputs)}};
  if (action.credential_types.empty()) properties["credential"] = false;
  Json schema{{"properties", std::move(properties)}};
  if (needs_inputs(action)) schema["required"] = Json::array({"with"});
  return schema;
}

}  // namespace ipaas::language
