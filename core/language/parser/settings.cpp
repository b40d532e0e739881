#include "core/language/parser/settings.h"

#include <algorithm>

namespace ipaas::language {
namespace {

void read_concurrency(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  const yaml::Node* node = read_mapping(reading, *entry.value, concurrency_keys(), entry.position);
  const yaml::Entry* group = node == nullptr ? nullptr : node->find("group");
  if (group == nullptr) return;
  const Place place{ExpressionScope{{"event", "inputs", "execution"}, false, false}, nullptr, &workflow.inputs};
  auto name = read_template(reading, *group, place);
  if (!name) return;
  Concurrency concurrency{std::move(*name), 1, Concurrency::OnLimit::kQueue, std::nullopt};
  if (const auto* limit = node->find("limit")) {
    concurrency.limit = static_cast<int>(read_integer(reading, *limit, concurrency_keys()).value_or(1));
  }
  if (const auto* action = node->find("on-limit")) {
    const auto index = read_option(reading, *action, concurrency_keys());
    if (index) concurrency.on_limit = static_cast<Concurrency::OnLimit>(*index);
  }
  if (const auto* limit = node->find("queue-limit")) {
    const auto most = read_integer(reading, *limit, concurrency_keys());
    if (most) concurrency.queue_limit = static_cast<int>(*most);
    if (concurrency.on_limit != Concurrency::OnLimit::kQueue) {
      reading.report.add(limit->position, "unexpected_key", "`queue-limit` belongs to `on-limit: queue`", "remove it");
    }
  }
  workflow.concurrency = std::move(concurrency);
}

void read_retention(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  const yaml::Node* node = read_mapping(reading, *entry.value, retention_keys(), entry.position);
  if (node == nullptr) return;
  Retention& retention = workflow.retention;
  if (const auto* executions = node->find("executions")) retention.executions = read_duration(reading, *executions, retention_keys());
  if (const auto* payloads = node->find("payloads")) retention.payloads = read_duration(reading, *payloads, retention_keys());
  if (!retention.executions || !retention.payloads || *retention.payloads <= *retention.executions) return;
  reading.report.add(node->find("payloads")->value->position(), "out_of_range",
                     "`payloads` are kept longer than the `executions` that they belong to", "write a shorter time");
}

void read_labels(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`labels`", *entry.value, entry.position, "a mapping", "write lines such as `team: shop` below it");
  }
  for (const yaml::Entry& label : *entries) {
    if (auto value = read_text(reading, label)) workflow.labels.emplace_back(label.key, std::move(*value));
  }
}

void read_default_credentials(Reading& reading, const yaml::Entry& entry, StepDefaults& defaults) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`credentials`", *entry.value, entry.position, "a mapping",
                       "write lines such as `slack: slack-ops` below it");
  }
  const auto connectors = reading.catalog.connectors();
  for (const yaml::Entry& one : *entries) {
    if (std::find(connectors.begin(), connectors.end(), one.key) == connectors.end()) {
      reading.report.add(one.position, "unknown_connector", "there is no connector " + shown(one.key),
                         suggestion(one.key, {connectors.begin(), connectors.end()}));
      continue;
    }
    auto name = read_credential_name(reading, one);
    if (name) defaults.credentials.push_back({one.key, std::move(*name), one.value->position()});
  }
}

}  // namespace

void read_settings(Reading& reading, const yaml::Node& root, Workflow& workflow) {
  if (const auto* entry = root.find("concurrency")) read_concurrency(reading, *entry, workflow);
  if (const auto* entry = root.find("timeout")) {
    workflow.timeout = read_duration(reading, *entry, workflow_keys()).value_or(workflow.timeout);
  }
  if (const auto* entry = root.find("retention")) read_retention(reading, *entry, workflow);
  if (const auto* entry = root.find("priority")) {
    const auto index = read_option(reading, *entry, workflow_keys());
    if (index) workflow.priority = static_cast<Priority>(*index);
  }
  if (const auto* entry = root.find("labels")) read_labels(reading, *entry, workflow);
}

StepDefaults read_defaults(Reading& reading, const yaml::Node& root) {
  StepDefaults defaults;
  const auto* entry = root.find("defaults");
  if (entry == nullptr) return defaults;
  const yaml::Node* node = read_mapping(reading, *entry->value, defaults_keys(), entry->position);
  if (node == nullptr) return defaults;
  if (const auto* credentials = node->find("credentials")) read_default_credentials(reading, *credentials, defaults);
  if (const auto* retry = node->find("retry")) defaults.retry = read_retry(reading, *retry);
  return defaults;
}

void warn_of_unused(Reading& reading, const StepDefaults& defaults, const Workflow& workflow) {
  for (const auto& one : defaults.credentials) {
    const bool named = std::any_of(workflow.credentials.begin(), workflow.credentials.end(),
                                   [&](const CredentialUse& use) { return use.name == one.credential; });
    if (one.used || named) continue;
    reading.warnings.add(one.position, "unused_credential", "no step uses the credential " + shown(one.credential),
                         "remove it, or leave `credential` out of the steps that it is for");
  }
}

}  // namespace ipaas::language
