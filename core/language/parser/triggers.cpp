#include "core/language/parser/triggers.h"

namespace ipaas::language {
namespace {

constexpr std::string_view kShape = "write the triggers as keys below it, such as `manual: {}`";

/// `manual:` and `manual: {}` are the same.
void read_manual(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  workflow.manual = true;
  if (!entry.value->is_null()) {
    static_cast<void>(read_mapping(reading, *entry.value, manual_keys(), entry.position));
  }
}

void read_ends(Reading& reading, const yaml::Entry& entry, WorkflowOn& on) {
  const auto* items = read_list(reading, *entry.value, "`when`");
  if (items == nullptr) return;
  const auto options = workflow_trigger_keys().find("when")->shape.item->options;
  on.when.clear();
  for (const yaml::Node* item : *items) {
    const yaml::Entry end{"when", item->position(), item};
    const auto index = read_option(reading, end, {options.begin(), options.end()});
    if (index) on.when.emplace_back(options[*index]);
  }
}

void read_workflow_end(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  const yaml::Node* node = read_mapping(reading, *entry.value, workflow_trigger_keys(), entry.position);
  if (node == nullptr) return;
  WorkflowOn on;
  on.position = entry.position;
  const auto* names = node->find("names");
  const auto* items = names == nullptr ? nullptr : read_list(reading, *names->value, "`names`");
  for (const yaml::Node* item : items == nullptr ? yaml::Node::Items() : *items) {
    const yaml::Entry name{"names", item->position(), item};
    const bool every = item->scalar() != nullptr && item->scalar()->text == "*";
    auto text = every ? std::optional<std::string>("*") : read_workflow_name(reading, name);
    if (!text) continue;
    if (*text == workflow.name) {
      reading.report.add(item->position(), "bad_value", "a workflow cannot be started by its own end", "name another one");
    }
    on.names.push_back(std::move(*text));
  }
  if (const auto* when = node->find("when")) read_ends(reading, *when, on);
  workflow.on_workflow = std::move(on);
}

void warn_of_open_door(Reading& reading, const yaml::Entry& webhook, const Workflow& workflow) {
  if (!workflow.webhook || workflow.webhook->scheme != "none") return;
  reading.warnings.add(webhook.value->find("verify")->position, "open_webhook",
                       "`scheme: none` lets anyone who knows the address start this workflow",
                       "verify a signature, or use `scheme: url-token` for senders that cannot sign");
}

}  // namespace

void read_triggers(Reading& reading, const yaml::Entry& entry, const Place& after_steps, Workflow& workflow) {
  if (entry.value->entries() == nullptr) {
    return report_type(reading, "`on`", *entry.value, entry.position, "a mapping", std::string(kShape));
  }
  const yaml::Node* on = read_mapping(reading, *entry.value, on_keys(), entry.position);
  if (on->entries()->empty()) {
    reading.report.add(entry.position, "missing_value", "`on` names no trigger",
                       "write `webhook`, `schedule` or `manual: {}` below it");
  }
  if (const auto* webhook = on->find("webhook")) {
    read_webhook(reading, *webhook, after_steps, workflow);
    warn_of_open_door(reading, *webhook, workflow);
  }
  if (const auto* schedule = on->find("schedule")) read_schedules(reading, *schedule, workflow);
  if (const auto* manual = on->find("manual")) read_manual(reading, *manual, workflow);
  if (const auto* end = on->find("workflow")) read_workflow_end(reading, *end, workflow);
}

}  // namespace ipaas::language
