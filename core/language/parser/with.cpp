// The inputs of an action, against what its connector says of them.

#include <algorithm>

#include "core/language/parser/uses.h"
#include "core/language/suggest.h"
#include "core/language/yaml/scalar.h"

namespace ipaas::language {
namespace {

using Type = ActionInput::Type;

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kString: return "text";
    case Type::kNumber: return "a number";
    case Type::kBoolean: return "a boolean";
    case Type::kObject: return "a mapping";
    case Type::kArray: return "a list";
    case Type::kAny: break;
  }
  return "any value";
}

/// Nothing is known of what one expression gives; an expression with text around it gives text.
bool is_single_expression(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  if (begin != 0 || end + 1 != text.size() || !text.starts_with("${{") || !text.ends_with("}}")) return false;
  return text.find("${{", 3) == std::string_view::npos;
}

bool fits(Type type, const yaml::Node& node) {
  if (type == Type::kAny) return true;
  if (node.entries() != nullptr) return type == Type::kObject;
  if (node.items() != nullptr) return type == Type::kArray;
  if (node.is_null()) return false;
  if (holds_expression(node.scalar()->text)) return type == Type::kString || is_single_expression(node.scalar()->text);
  const Json value = yaml::resolve(*node.scalar());
  switch (type) {
    case Type::kString: return value.is_string();
    case Type::kNumber: return value.is_number();
    case Type::kBoolean: return value.is_boolean();
    default: return false;
  }
}

void check_options(Reading& reading, const yaml::Entry& entry, const ActionInput& input) {
  const auto* scalar = entry.value->scalar();
  if (input.options.empty() || scalar == nullptr || holds_expression(scalar->text)) return;
  if (std::find(input.options.begin(), input.options.end(), scalar->text) != input.options.end()) return;
  const std::vector<std::string_view> options(input.options.begin(), input.options.end());
  reading.report.add(entry.value->position(), "bad_value", shown(entry.key) + " cannot be " + shown(scalar->text),
                     suggestion(scalar->text, options));
}

TemplateTree read_input(Reading& reading, const yaml::Entry& entry, const ActionInput& input, const Place& place) {
  const auto* scalar = entry.value->scalar();
  if (input.deferred && scalar != nullptr) {
    check_deferred(reading, entry);
    return TemplateTree(Json(scalar->text));
  }
  if (fits(input.type, *entry.value)) {
    check_options(reading, entry, input);
  } else {
    const std::string_view hint = input.type == Type::kString && scalar != nullptr ? "quote it" : "";
    report_type(reading, shown(entry.key), *entry.value, entry.position, type_name(input.type), std::string(hint));
  }
  return read_tree(reading, *entry.value, place);
}

const ActionInput* find_input(const ActionInfo& action, std::string_view name) {
  for (const ActionInput& input : action.inputs) {
    if (input.name == name) return &input;
  }
  return nullptr;
}

void report_unknown(Reading& reading, const yaml::Entry& entry, const ActionInfo& action) {
  std::vector<std::string_view> names;
  for (const ActionInput& input : action.inputs) names.push_back(input.name);
  std::string hint = did_you_mean(entry.key, names);
  if (hint.empty()) hint = names.empty() ? "it takes no inputs" : "it takes " + any_of(names);
  reading.report.add(entry.position, "unknown_key",
                     "`" + action.connector + "/" + action.name + "` has no input " + shown(entry.key), std::move(hint));
}

bool is_given(const yaml::Entry* with, std::string_view name) { return with != nullptr && with->value->find(name) != nullptr; }

const std::vector<std::string>* group_of(const ActionInfo& action, const std::string& name) {
  for (const auto& group : action.exclusive) {
    if (std::find(group.begin(), group.end(), name) != group.end()) return &group;
  }
  return nullptr;
}

/// Of inputs that exclude each other any one will do where one of them is required.
bool is_missing(const ActionInfo& action, const ActionInput& input, const yaml::Entry* with) {
  if (!input.required || is_given(with, input.name)) return false;
  const auto* group = group_of(action, input.name);
  if (group == nullptr) return true;
  return std::none_of(group->begin(), group->end(), [&](const std::string& name) { return is_given(with, name); });
}

void check_required(Reading& reading, SourcePosition position, const ActionInfo& action, const yaml::Entry* with) {
  std::vector<std::string_view> missing;
  for (const ActionInput& input : action.inputs) {
    if (is_missing(action, input, with)) missing.push_back(input.name);
  }
  const std::string name = "`" + action.connector + "/" + action.name + "`";
  for (const std::string_view input : missing) {
    reading.report.add(position, "missing_key", name + " needs the input `" + std::string(input) + "`",
                       with == nullptr ? "write it below `with:`" : find_input(action, input)->description);
  }
}

void check_exclusive(Reading& reading, const ActionInfo& action, const yaml::Entry& with) {
  for (const auto& group : action.exclusive) {
    const yaml::Entry* first = nullptr;
    for (const yaml::Entry& entry : *with.value->entries()) {
      if (std::find(group.begin(), group.end(), entry.key) == group.end()) continue;
      if (first != nullptr) {
        const std::vector<std::string_view> names(group.begin(), group.end());
        reading.report.add(entry.position, "exclusive_keys",
                           shown(entry.key) + " cannot stand beside " + shown(first->key), "write one of " + any_of(names));
      }
      first = first == nullptr ? &entry : first;
    }
  }
}

}  // namespace

TemplateTree read_with(Reading& reading, const yaml::Entry& uses, const yaml::Entry* with, const ActionInfo& action,
                       const Place& place) {
  TemplateTree::Members members;
  if (with != nullptr && with->value->entries() == nullptr) {
    if (!with->value->is_null()) {
      report_type(reading, "`with`", *with->value, with->position, "a mapping", "write one key for each input");
      return TemplateTree(std::move(members));
    }
    with = nullptr;  // `with:` with nothing below it
  }
  check_required(reading, with == nullptr ? uses.value->position() : with->position, action, with);
  if (with == nullptr) return TemplateTree(std::move(members));
  check_exclusive(reading, action, *with);
  for (const yaml::Entry& entry : *with->value->entries()) {
    if (const ActionInput* input = find_input(action, entry.key)) {
      members.emplace_back(entry.key, read_input(reading, entry, *input, place));
    } else {
      report_unknown(reading, entry, action);
      static_cast<void>(read_tree(reading, *entry.value, place));
    }
  }
  return TemplateTree(std::move(members));
}

}  // namespace ipaas::language
