#include "core/connectors/action_inputs.h"

#include <algorithm>

#include "core/connectors/http_text.h"
#include "core/language/expression/expression.h"
#include "core/language/suggest.h"

namespace ipaas::connectors {
namespace {

using language::ActionInfo;
using language::ActionInput;
using Type = ActionInput::Type;

tl::unexpected<Error> bad_input(const ActionInfo& action, std::string what, std::string hint = {}) {
  return fail(ErrorKind::kInvalid, action.connector + "/" + action.name + ": " + std::move(what), std::move(hint),
              "input_invalid");
}

std::string ticked(std::string_view name) { return "`" + excerpt(name, 64) + "`"; }

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kString: return "a text";
    case Type::kNumber: return "a number";
    case Type::kBoolean: return "true or false";
    case Type::kObject: return "an object";
    case Type::kArray: return "a list";
    case Type::kAny: break;
  }
  return "anything";
}

bool fits(Type type, const Json& value) {
  switch (type) {
    case Type::kString: return value.is_string();
    case Type::kNumber: return value.is_number();
    case Type::kBoolean: return value.is_boolean();
    case Type::kObject: return value.is_object();
    case Type::kArray: return value.is_array();
    case Type::kAny: break;
  }
  return true;
}

Result<Json> bind_one(const ActionInfo& action, const ActionInput& input, const Json& value) {
  const auto text = input.type == Type::kString ? scalar_text(value) : std::nullopt;
  Json bound = text ? Json(*text) : value;
  if (!fits(input.type, bound)) {
    return bad_input(action, "the input " + ticked(input.name) + " is not " + std::string(type_name(input.type)));
  }
  if (input.options.empty() || !bound.is_string()) return bound;
  if (std::find(input.options.begin(), input.options.end(), bound.get_ref<const std::string&>()) != input.options.end()) {
    return bound;
  }
  std::string allowed;
  for (const auto& option : input.options) allowed += (allowed.empty() ? "" : ", ") + option;
  return bad_input(action, "the input " + ticked(input.name) + " has a value that is not allowed", "one of: " + allowed);
}

Result<void> check_known(const ActionInfo& action, const Json& inputs) {
  std::vector<std::string_view> names;
  for (const auto& input : action.inputs) names.push_back(input.name);
  for (const auto& [name, value] : inputs.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return bad_input(action, "there is no input " + ticked(name), language::did_you_mean(name, names));
  }
  return {};
}

Result<void> check_exclusive(const ActionInfo& action, const Json& bound) {
  for (const auto& names : action.exclusive) {
    std::string written;
    int count = 0;
    for (const auto& name : names) {
      if (find_input(bound, name) == nullptr) continue;
      written += (count++ == 0 ? "" : " and ") + ticked(name);
    }
    if (count > 1) return bad_input(action, written + " exclude each other", "write one of them");
  }
  return {};
}

}  // namespace

Result<Json> bind_action_inputs(const ActionInfo& action, const Json& inputs) {
  if (!inputs.is_object() && !inputs.is_null()) return bad_input(action, "the inputs are not an object");
  if (const auto known = check_known(action, inputs); !known) return tl::unexpected(known.error());
  Json bound = Json::object();
  for (const auto& input : action.inputs) {
    const Json* value = find_input(inputs, input.name);
    if (value == nullptr || value->is_null()) {
      if (input.required) return bad_input(action, "the input " + ticked(input.name) + " is missing", input.description);
      continue;
    }
    auto one = bind_one(action, input, *value);
    if (!one) return tl::unexpected(one.error());
    bound[input.name] = std::move(*one);
  }
  if (const auto exclusive = check_exclusive(action, bound); !exclusive) return tl::unexpected(exclusive.error());
  return bound;
}

std::optional<std::string> scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  if (value.is_number() || value.is_boolean()) return language::to_text(value);
  return std::nullopt;
}

const Json* find_input(const Json& inputs, std::string_view name) {
  if (!inputs.is_object()) return nullptr;
  const auto found = inputs.find(name);
  return found == inputs.end() ? nullptr : &*found;
}

std::string text_input(const Json& inputs, std::string_view name, std::string_view otherwise) {
  const Json* value = find_input(inputs, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string(otherwise);
}

}  // namespace ipaas::connectors
