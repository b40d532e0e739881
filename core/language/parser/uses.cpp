// `uses:` a step that calls an action of a connector.

#include <algorithm>
#include <charconv>

#include "core/base/time_text.h"
#include "core/language/parser/credentials.h"
#include "core/language/parser/step_reader.h"

namespace ipaas::language {
namespace {

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

const ActionInfo* read_action_name(Reading& reading, const yaml::Entry& entry) {
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

/// A bucket that takes longer to fill is no limit on a rate.
constexpr Duration kLongestRatePeriod = std::chrono::hours(24) * 366;

/// `10/s`, `100/5m`.
std::optional<std::pair<int, Duration>> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  int count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + slash, count);
  if (failure != std::errc() || end != text.data() + slash || count < 1) return std::nullopt;
  std::string per(text.substr(slash + 1));
  if (!per.empty() && (per.front() < '0' || per.front() > '9')) per.insert(0, "1");
  const auto duration = parse_duration(per);
  if (!duration || *duration <= Duration(0)) return std::nullopt;
  return std::pair(count, *duration);
}

std::optional<RateLimit> read_rate_limit(Reading& reading, const yaml::Entry& entry, const Place& place) {
  const yaml::Node* node = read_mapping(reading, *entry.value, rate_limit_keys(), entry.position);
  if (node == nullptr) return std::nullopt;
  const auto* key_entry = node->find("key");
  const auto* limit_entry = node->find("limit");
  auto key = key_entry == nullptr ? std::nullopt : read_template(reading, *key_entry, place);
  const auto limit = limit_entry == nullptr ? std::nullopt : read_text(reading, *limit_entry);
  if (!key || !limit) return std::nullopt;
  const auto rate = parse_rate(*limit);
  const bool too_long = rate && rate->second > kLongestRatePeriod;
  if (rate && !too_long) return RateLimit{std::move(*key), rate->first, rate->second};
  reading.report.add(limit_entry->value->position(), "bad_value",
                     "`limit` cannot be " + shown(*limit) + (too_long ? ": its time is longer than 366d" : ""),
                     "write how many in how long, such as 10/s or 100/5m");
  return std::nullopt;
}

}  // namespace

void StepReader::read_credential(const yaml::Node& node, const yaml::Entry& uses, const ActionInfo& action, UsesStep& step) {
  const yaml::Entry* entry = node.find("credential");
  const std::string action_name = "`" + action.connector + "/" + action.name + "`";
  if (entry != nullptr && action.credential_types.empty()) {
    reading_.report.add(entry->position, "unexpected_key", action_name + " takes no credential", "remove it");
    return;
  }
  if (entry != nullptr) {
    auto name = read_credential_name(reading_, *entry);
    if (!name) return;
    use_credential(reading_, workflow_, *name, action.credential_types, entry->value->position());
    step.credential = std::move(*name);
    return;
  }
  const auto given = std::find_if(defaults_.credentials.begin(), defaults_.credentials.end(),
                                  [&](const auto& one) { return one.connector == action.connector; });
  if (given != defaults_.credentials.end() && !action.credential_types.empty()) {
    given->used = true;
    step.credential = given->credential;
    use_credential(reading_, workflow_, given->credential, action.credential_types, given->position);
  } else if (action.credential_required) {
    reading_.report.add(uses.value->position(), "missing_key", action_name + " needs the key `credential`",
                        "name a credential of type " + any_of(views(action.credential_types)));
  }
}

void StepReader::read_policy(const yaml::Node& node, UsesStep& step) {
  step.retry = defaults_.retry;
  if (const auto* retry = node.find("retry")) step.retry = read_retry(reading_, *retry);
  if (const auto* timeout = node.find("timeout")) {
    step.timeout = read_duration(reading_, *timeout, step_keys()).value_or(step.timeout);
  }
  if (const auto* limit = node.find("rate-limit")) step.rate_limit = read_rate_limit(reading_, *limit, place());
  if (const auto* key = node.find("idempotency-key")) step.idempotency_key = read_template(reading_, *key, place());
}

UsesStep StepReader::read_uses(const yaml::Node& node, const yaml::Entry& entry) {
  UsesStep step;
  const yaml::Entry* with = node.find("with");
  if (const ActionInfo* action = read_action_name(reading_, entry)) {
    step.connector = action->connector;
    step.action = action->name;
    read_credential(node, entry, *action, step);
    step.with = read_with(reading_, entry, with, *action, place());
  } else if (with != nullptr) {
    static_cast<void>(read_tree(reading_, *with->value, place()));  // its expressions are judged all the same
  }
  read_policy(node, step);
  return step;
}

}  // namespace ipaas::language
