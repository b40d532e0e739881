#include "core/service/schedule_rule.h"

#include <algorithm>

#include "core/base/time_zone.h"

namespace ipaas::service {
namespace {

/// FNV-1a, stirred once more: the last characters of an id would otherwise only move the lowest bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

}  // namespace

Duration jitter_of(const ScheduleId& schedule, Instant instant, Duration limit) {
  if (limit <= Duration::zero()) return Duration::zero();
  const std::uint64_t hash = hash_of(schedule.str() + "@" + std::to_string(to_millis(instant)));
  return Duration(static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(limit.count())));
}

std::optional<ScheduleRule> ScheduleRule::of(const ScheduleId& id, const language::ScheduleOn& on) {
  const auto cron = language::CronSchedule::parse(on.cron);
  const auto zone = find_time_zone(on.timezone);
  if (!cron || !zone) return std::nullopt;
  return ScheduleRule(id, *cron, **zone, on.jitter);
}

std::optional<Instant> ScheduleRule::next(Instant from, bool inclusive) const {
  return cron_.next(from, *zone_, inclusive);
}

std::optional<Instant> ScheduleRule::previous(Instant from, bool inclusive) const {
  return cron_.previous(from, *zone_, inclusive);
}

Instant ScheduleRule::fires(Instant instant) const {
  if (jitter_ == Duration::zero()) return instant;
  // Executions of one schedule start in the order of their instants, however large the jitter is.
  const auto following = next(instant);
  return instant + jitter_of(id_, instant, following ? std::min(jitter_, *following - instant) : jitter_);
}

std::optional<DueTime> ScheduleRule::next_due(Instant after) const {
  const auto at = next(after);
  if (!at) return std::nullopt;
  return DueTime{*at, fires(*at)};
}

const language::ScheduleOn* trigger_of(const language::Workflow& definition, const domain::Schedule& schedule) {
  const auto found =
      std::find_if(definition.schedules.begin(), definition.schedules.end(), [&](const language::ScheduleOn& on) {
        return on.cron == schedule.cron && on.timezone == schedule.timezone;
      });
  return found == definition.schedules.end() ? nullptr : &*found;
}

}  // namespace ipaas::service
