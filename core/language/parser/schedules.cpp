// `on.schedule`.

#include <algorithm>

#include "core/base/time_zone.h"
#include "core/language/cron.h"
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
  if (!parsed) return;
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
