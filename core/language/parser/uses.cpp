#include "core/language/parser/uses.h"

#include "core/language/parser/credentials.h"

namespace ipaas::language {
namespace {

constexpr Duration kLeastTimeout = std::chrono::milliseconds(1);
constexpr Duration kMostTimeout = std::chrono::hours(1);

std::vector<std::string_view> views(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

const ActionInfo* find_action(Reading& reading, const yaml::Entry& entry, std::string_view connector, std::string_view name) {
  const auto connectors = reading.catalog.connectors();
  const auto actions = reading.catalog.actions(connector);
  if (actions.empty()) {
    reading.report.add(entry.value->position(), "unknown_connector", "there is no connector " + shown(connector),
                       suggestion(connector, views(connectors)));
    return nullptr;
  }
  const ActionInfo* action = reading.catalog.action(connector, name);
  if (action != nullptr) return action;
  std::vector<std::string> full;
  for (const std::string& known : actions) full.push_back(std::string(connector) + "/" + known);
  std::string hint = suggestion(std::string(connector) + "/" + std::string(name), views(full));
  reading.report.add(entry.value->position(), "unknown_action",
                     "the connector " + shown(connector) + " has no action " + shown(name), std::move(hint));
  return nullptr;
}

const ActionInfo* read_action(Reading& reading, const yaml::Entry& entry) {
  const auto text = read_text(reading, entry);
  if (!text) return nullptr;
  const std::size_t slash = text->find('/');
  const bool whole = slash != std::string::npos && slash > 0 && slash + 1 < text->size() &&
                     text->find('/', slash + 1) == std::string::npos && !holds_expression(*text);
  if (whole) return find_action(reading, entry, text->substr(0, slash), text->substr(slash + 1));
  reading.report.add(entry.value->position(), "bad_value", shown(*text) + " is not an action",
                     "write connector/action, such as `http/request`; `ipaas connector list` shows them");
  return nullptr;
}

void read_credential(Reading& reading, const yaml::Node& step, const yaml::Entry& uses, const ActionInfo& action,
                     Workflow& workflow, UsesStep& into) {
  const yaml::Entry* entry = step.find("credential");
  const std::string action_name = "`" + action.connector + "/" + action.name + "`";
  if (entry == nullptr) {
    if (!action.credential_required) return;
    reading.report.add(uses.value->position(), "missing_key", action_name + " needs the key `credential`",
                       "name a credential of type " + any_of(views(action.credential_types)));
    return;
  }
  if (action.credential_types.empty()) {
    reading.report.add(entry->position, "unexpected_key", action_name + " takes no credential", "remove it");
    return;
  }
  auto name = read_credential_name(reading, *entry);
  if (!name) return;
  use_credential(reading, workflow, *name, action.credential_types, entry->value->position());
  into.credential = std::move(*name);
}

}  // namespace

UsesStep read_uses(Reading& reading, const yaml::Node& step, const yaml::Entry& uses, const Place& place,
                   Workflow& workflow) {
  UsesStep result;
  const yaml::Entry* with = step.find("with");
  if (const ActionInfo* action = read_action(reading, uses)) {
    result.connector = action->connector;
    result.action = action->name;
    read_credential(reading, step, uses, *action, workflow, result);
    result.with = read_with(reading, uses, with, *action, place);
  } else if (with != nullptr) {
    static_cast<void>(read_tree(reading, *with->value, place));  // its expressions are judged all the same
  }
  if (const auto* retry = step.find("retry")) result.retry = read_retry(reading, *retry);
  if (const auto* timeout = step.find("timeout")) {
    if (const auto time = read_duration(reading, *timeout, kLeastTimeout, kMostTimeout)) result.timeout = *time;
  }
  return result;
}

}  // namespace ipaas::language
