// `on.schedule`.

#include <algorithm>

#include "core/base/time_zone.h"
#include "core/language/cron.h"
#include "core/language/input_value.h"
#include "core/language/parser/expressions.h"
#include "core/language/parser/triggers.h"

namespace ipaas::language {
namespace {

std::optional<CronSchedule> read_cron(Reading& reading, const yaml::Entry& entry) {
  const auto text = read_text(reading, entry);
  if (!text) return std::nullopt;
  auto schedule = CronSchedule::parse(*text);
  if (schedule) return *schedule;
  Error error = std::move(schedule.error());
  error.position = entry.value->position();
  reading.report.add(std::move(error));
  return std::nullopt;
}

const date::time_zone* read_zone(Reading& reading, const yaml::Entry& entry) {
  const auto name = read_text(reading, entry);
  if (!name) return nullptr;
  auto zone = find_time_zone(*name);
  if (zone) return *zone;
  Error error = std::move(zone.error());
  error.position = entry.value->position();
  reading.report.add(std::move(error));
  return nullptr;
}

/// A date that never comes is the parser's to refuse; this is for one that no year of this zone has any more.
void check_comes(Reading& reading, const yaml::Entry& entry, const CronSchedule& schedule, const date::time_zone& zone) {
  constexpr auto kAfter = std::chrono::hours(24 * 365 * 56);  // 2026: before that nothing can be due
  if (schedule.next(Instant(kAfter), zone)) return;
  reading.report.add(entry.value->position(), "bad_cron", "this schedule is never due", "check day and month");
}

void check_value(Reading& reading, const yaml::Entry& entry, const Workflow& workflow, const Json& value) {
  const auto input = std::find_if(workflow.inputs.begin(), workflow.inputs.end(),
                                  [&](const Input& known) { return known.name == entry.key; });
  if (input == workflow.inputs.end()) {
    std::vector<std::string_view> names;
    for (const Input& known : workflow.inputs) names.push_back(known.name);
    std::string hint = suggestion(entry.key, names);
    if (hint.empty()) hint = "declare it below `inputs` at the top";
    reading.report.add(entry.position, "unknown_input", "the workflow has no input " + shown(entry.key), std::move(hint));
    return;
  }
  if (auto fits = check_input_value(*input, value); !fits) {
    Error error = std::move(fits.error());
    error.code = error.code == "input_invalid" ? "wrong_type" : error.code;
    error.position = position_of(entry);
    reading.report.add(std::move(error));
  }
}

void read_values(Reading& reading, const yaml::Entry& entry, const Workflow& workflow, ScheduleOn& schedule) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`inputs`", *entry.value, entry.position, "a mapping", "write one key for each input");
  }
  for (const yaml::Entry& value : *entries) {
    Json literal = read_literal(reading, *value.value, "an input of a schedule");
    check_value(reading, value, workflow, literal);
    schedule.inputs[value.key] = std::move(literal);
  }
}

void read_catchup(Reading& reading, const yaml::Node& node, ScheduleOn& schedule) {
  if (const auto* catchup = node.find("catchup")) {
    const auto index = read_option(reading, *catchup, schedule_keys());
    if (index) schedule.catchup = static_cast<ScheduleOn::Catchup>(*index);
  }
  if (const auto* window = node.find("catchup-window")) {
    schedule.catchup_window = read_duration(reading, *window, schedule_keys()).value_or(schedule.catchup_window);
  }
  if (const auto* jitter = node.find("jitter")) {
    schedule.jitter = read_duration(reading, *jitter, schedule_keys()).value_or(schedule.jitter);
  }
}

void warn_of_both_days(Reading& reading, const yaml::Entry& entry, const CronSchedule& schedule) {
  if (!schedule.sets_both_days()) return;
  reading.warnings.add(entry.value->position(), "both_days",
                       "the schedule sets day of month and day of week, so that either matches", "leave one of them at *");
}

void read_schedule(Reading& reading, const yaml::Node& node, Workflow& workflow) {
  const yaml::Node* mapping = read_mapping(reading, node, schedule_keys(), node.position());
  if (mapping == nullptr) return;
  ScheduleOn schedule;
  schedule.position = node.position();
  const yaml::Entry* cron = mapping->find("cron");
  const auto parsed = cron == nullptr ? std::nullopt : read_cron(reading, *cron);
  const date::time_zone* zone = nullptr;
  if (const auto* entry = mapping->find("timezone")) {
    zone = read_zone(reading, *entry);
    if (zone != nullptr) schedule.timezone = entry->value->scalar()->text;
  } else if (auto utc = find_time_zone("UTC")) {
    zone = *utc;
  }
  read_catchup(reading, *mapping, schedule);
  if (const auto* inputs = mapping->find("inputs")) read_values(reading, *inputs, workflow, schedule);
  if (!parsed) return;
  warn_of_both_days(reading, *cron, *parsed);
  schedule.cron = cron->value->scalar()->text;
  if (zone != nullptr) check_comes(reading, *cron, *parsed, *zone);
  const bool twice = std::any_of(workflow.schedules.begin(), workflow.schedules.end(), [&](const ScheduleOn& other) {
    return other.cron == schedule.cron && other.timezone == schedule.timezone;
  });
  if (twice) {
    reading.report.add(node.position(), "duplicate_schedule", "this schedule is written twice", "keep one of the two");
  }
  workflow.schedules.push_back(std::move(schedule));
}

}  // namespace

void read_schedules(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  if (entry.value->is_null()) {
    return report_type(reading, "`schedule`", *entry.value, entry.position, "a list",
                       "write a line such as `- cron: \"30 7 * * MON-FRI\"` below it");
  }
  const auto* items = read_list(reading, *entry.value, "`schedule`");
  if (items == nullptr) return;
  for (const yaml::Node* item : *items) read_schedule(reading, *item, workflow);
}

}  // namespace ipaas::language
