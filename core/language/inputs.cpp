// Values for a start: bind_inputs() of workflow_parser.h.

#include <algorithm>
#include <cmath>

#include "core/language/input_value.h"
#include "core/language/parser/report.h"
#include "core/language/workflow_parser.h"

namespace ipaas::language {
namespace {

tl::unexpected<Error> invalid(std::string message, std::string hint) {
  return fail(ErrorKind::kInvalid, std::move(message), std::move(hint), "input_invalid");
}

std::string_view describe(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "text";
  return value.is_array() ? "a list" : "an object";
}

bool has_type(Input::Type type, const Json& value) {
  switch (type) {
    case Input::Type::kString:
    case Input::Type::kChoice: return value.is_string();
    case Input::Type::kNumber: return value.is_number() && (!value.is_number_float() || std::isfinite(value.get<double>()));
    case Input::Type::kBoolean: return value.is_boolean();
    case Input::Type::kJson: break;
  }
  return true;
}

/// `run -i` gives every value as text.
Result<Json> read_text_value(const Input& input, const Json& value) {
  const auto& text = value.get_ref<const std::string&>();
  if (input.type == Input::Type::kBoolean && (text == "true" || text == "false")) return Json(text == "true");
  if (input.type == Input::Type::kNumber) {
    auto number = parse_json(text);
    if (number && number->is_number()) return number;
  }
  if (input.type == Input::Type::kJson) {
    auto parsed = parse_json(text);
    if (!parsed) return invalid("the input `" + input.name + "` is not JSON: " + parsed.error().message, "write JSON; a text needs its double quotes");
    return parsed;
  }
  return value;
}

const Input* find(const std::vector<Input>& declared, std::string_view name) {
  const auto found = std::find_if(declared.begin(), declared.end(), [&](const Input& input) { return input.name == name; });
  return found == declared.end() ? nullptr : &*found;
}

Result<void> check_names(const std::vector<Input>& declared, const Json& given) {
  for (const auto& [name, value] : given.items()) {
    if (find(declared, name) != nullptr) continue;
    std::vector<std::string_view> names;
    for (const Input& input : declared) names.push_back(input.name);
    std::string hint = names.empty() ? "the workflow declares no inputs" : suggestion(name, names);
    return invalid("there is no input " + shown(name), std::move(hint));
  }
  return {};
}

}  // namespace

std::string_view describe(Input::Type type) {
  switch (type) {
    case Input::Type::kString: return "text";
    case Input::Type::kNumber: return "a number";
    case Input::Type::kBoolean: return "true or false";
    case Input::Type::kChoice: return "one of its options";
    case Input::Type::kJson: break;
  }
  return "JSON";
}

Result<void> check_input_value(const Input& input, const Json& value) {
  if (!has_type(input.type, value)) {
    return invalid("the input `" + input.name + "` must be " + std::string(describe(input.type)) + ", but is " +
                       std::string(describe(value)),
                   value.is_number() && input.type == Input::Type::kString ? "quote it" : "");
  }
  if (input.type != Input::Type::kChoice) return {};
  const auto& text = value.get_ref<const std::string&>();
  if (std::find(input.options.begin(), input.options.end(), text) != input.options.end()) return {};
  const std::vector<std::string_view> options(input.options.begin(), input.options.end());
  return invalid("the input `" + input.name + "` has no option " + shown(text), suggestion(text, options));
}

Json default_inputs(const std::vector<Input>& declared) {
  Json bound = Json::object();
  for (const Input& input : declared) {
    if (input.default_value) bound[input.name] = *input.default_value;
  }
  return bound;
}

Result<Json> bind_inputs(const std::vector<Input>& declared, const Json& given) {
  if (!given.is_object() && !given.is_null()) {
    return invalid("the inputs must be an object, but are " + std::string(describe(given)), "write {\"name\": value}");
  }
  if (auto known = check_names(declared, given); !known) return tl::unexpected(std::move(known.error()));
  Json bound = Json::object();
  for (const Input& input : declared) {
    const auto found = given.find(input.name);
    if (found == given.end()) {
      if (input.default_value) {
        bound[input.name] = *input.default_value;
      } else if (input.required) {
        return invalid("the input `" + input.name + "` is required",
                       "give it " + std::string(describe(input.type)) + ", such as `-i " + input.name + "=…`");
      }
      continue;
    }
    auto value = found->is_string() ? read_text_value(input, *found) : Result<Json>(*found);
    if (!value) return value;
    if (auto fits = check_input_value(input, *value); !fits) return tl::unexpected(std::move(fits.error()));
    bound[input.name] = std::move(*value);
  }
  return bound;
}

}  // namespace ipaas::language
