#include "core/language/parser/inputs.h"

#include <algorithm>

#include "core/language/input_value.h"
#include "core/language/parser/expressions.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kLongestName = 63;

bool is_name(std::string_view text) {
  constexpr std::string_view kFirst = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  constexpr std::string_view kRest = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= kLongestName && kFirst.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kRest) == std::string_view::npos;
}

void read_options(Reading& reading, const yaml::Entry& entry, Input& input) {
  if (input.type != Input::Type::kChoice) {
    reading.report.add(entry.position, "unexpected_key", "`options` belongs to an input of type `choice`",
                       "write `type: choice`, or remove it");
    return;
  }
  const auto* items = read_list(reading, *entry.value, "`options`");
  if (items == nullptr) return;
  for (const yaml::Node* item : *items) {
    const yaml::Entry option{"options", item->position(), item};
    auto text = read_text(reading, option);
    if (!text) continue;
    if (std::find(input.options.begin(), input.options.end(), *text) != input.options.end()) {
      reading.report.add(item->position(), "bad_value", "the option " + shown(*text) + " is written twice", "keep one of the two");
    }
    input.options.push_back(std::move(*text));
  }
}

void read_default(Reading& reading, const yaml::Entry& entry, Input& input) {
  Json value = read_literal(reading, *entry.value, "a default");
  if (auto fits = check_input_value(input, value); !fits) {
    Error error = std::move(fits.error());
    error.code = error.code == "input_invalid" ? "wrong_type" : error.code;
    error.message = "the default of " + shown(input.name) + " does not fit: " + error.message;
    error.position = position_of(entry);
    reading.report.add(std::move(error));
    return;
  }
  input.default_value = std::move(value);
}

void read_input(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  Input input;
  input.name = entry.key;
  if (!is_name(entry.key)) {
    reading.report.add(entry.position, "bad_name", shown(entry.key) + " cannot name an input",
                       "begin with a letter or _, then letters, digits, _ and -, up to 63");
  }
  const std::size_t before = reading.report.size();
  const yaml::Node* mapping = read_mapping(reading, *entry.value, input_keys(), entry.position);
  if (mapping == nullptr) return;
  if (const auto* type = mapping->find("type")) {
    if (const auto index = read_option(reading, *type, input_keys())) input.type = static_cast<Input::Type>(*index);
  }
  if (const auto* text = mapping->find("description")) input.description = read_text(reading, *text).value_or("");
  if (const auto* required = mapping->find("required")) input.required = read_boolean(reading, *required).value_or(false);
  if (const auto* sensitive = mapping->find("sensitive")) input.sensitive = read_boolean(reading, *sensitive).value_or(false);
  const auto* options = mapping->find("options");
  if (options != nullptr) read_options(reading, *options, input);
  if (input.type == Input::Type::kChoice && options == nullptr) {
    reading.report.add(entry.position, "missing_key", "the choice " + shown(input.name) + " needs the key `options`",
                       "list the values to choose from");
  }
  // A default cannot be judged against a type or options that are wrong themselves.
  const auto* value = mapping->find("default");
  if (value != nullptr && reading.report.size() == before) read_default(reading, *value, input);
  workflow.inputs.push_back(std::move(input));
}

}  // namespace

void read_inputs(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`inputs`", *entry.value, entry.position, "a mapping", "write one key for each input");
  }
  for (const yaml::Entry& input : *entries) read_input(reading, input, workflow);
}

}  // namespace ipaas::language
