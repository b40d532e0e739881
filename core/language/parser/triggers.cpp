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

}  // namespace

void read_triggers(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  if (entry.value->entries() == nullptr) {
    return report_type(reading, "`on`", *entry.value, entry.position, "a mapping", std::string(kShape));
  }
  const yaml::Node* on = read_mapping(reading, *entry.value, on_keys(), entry.position);
  if (on->entries()->empty()) {
    reading.report.add(entry.position, "missing_value", "`on` names no trigger",
                       "write `webhook`, `schedule` or `manual: {}` below it");
  }
  if (const auto* webhook = on->find("webhook")) read_webhook(reading, *webhook, workflow);
  if (const auto* schedule = on->find("schedule")) read_schedules(reading, *schedule, workflow);
  if (const auto* manual = on->find("manual")) read_manual(reading, *manual, workflow);
}

}  // namespace ipaas::language
