#include "core/store/memory/schedule_writes.h"

#include <algorithm>

#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

bool same_rule(const domain::Schedule& a, const domain::Schedule& b) {
  return a.cron == b.cron && a.timezone == b.timezone;
}

void move_on(domain::Schedule& schedule, const std::optional<Instant>& next, const std::optional<Instant>& fires_at) {
  schedule.next_due = next;
  schedule.fires_at = fires_at ? fires_at : next;
}

/// The end of the span in which the instant is.
std::optional<Instant> fired_until(Tables& tables, const ScheduleId& id, Instant instant) {
  const auto& spans = tables.spans[id];
  auto span = spans.upper_bound(instant);
  if (span == spans.begin() || (--span)->second <= instant) return std::nullopt;
  return span->second;
}

/// Joined with the span that ends where it begins and with the one that begins where it ends.
void add_span(Tables& tables, const ScheduleId& id, Instant since, Instant until) {
  auto& spans = tables.spans[id];
  if (const auto after = spans.find(until); after != spans.end()) {
    until = after->second;
    spans.erase(after);
  }
  const auto before =
      std::find_if(spans.begin(), spans.end(), [&](const auto& span) { return span.second == since; });
  if (before != spans.end()) since = before->first;
  spans[since] = until;
}

/// With the workflow that it belongs to.
std::pair<WorkflowRow*, domain::Schedule*> find(Tables& tables, const TenantId& tenant, const ScheduleId& id) {
  for (auto& [workflow, row] : tables.workflows) {
    if (row.workflow.tenant != tenant) continue;
    for (domain::Schedule& schedule : row.schedules) {
      if (schedule.id == id) return {&row, &schedule};
    }
  }
  return {nullptr, nullptr};
}

/// The schedule if it stands at `due` and may fire.
domain::Schedule* standing(Tables& tables, const TenantId& tenant, const ScheduleId& id, Instant due) {
  const auto [row, schedule] = find(tables, tenant, id);
  const bool stands =
      schedule != nullptr && schedule->next_due == due && !schedule->paused_at && row->workflow.enabled;
  return stands ? schedule : nullptr;
}

}  // namespace

bool claims(Tables& tables, const TenantId& tenant, const AcceptEvent::Tick& tick) {
  const Instant fired = tick.fired.value_or(tick.due);
  const bool again = fired_until(tables, tick.schedule, fired).has_value();
  if (tick.by_hand) return !again && find(tables, tenant, tick.schedule).second != nullptr;
  domain::Schedule* schedule = standing(tables, tenant, tick.schedule, tick.due);
  if (schedule == nullptr) return false;
  if (again) move_on(*schedule, tick.next, tick.next_fires);
  return !again;
}

void fire(Tables& tables, const TenantId& tenant, const AcceptEvent::Tick& tick) {
  const Instant fired = tick.fired.value_or(tick.due);
  add_span(tables, tick.schedule, fired, tick.next.value_or(fired + Duration(1)));
  if (tick.by_hand) return;
  domain::Schedule& schedule = *find(tables, tenant, tick.schedule).second;
  schedule.last_due = fired;
  schedule.last_lag = tick.lag;
  move_on(schedule, tick.next, tick.next_fires);
}

Result<Outcome> skip(Tables& tables, const SkipTick& write) {
  domain::Schedule* schedule = standing(tables, write.tenant, write.schedule, write.due);
  if (schedule == nullptr) return stale();
  move_on(*schedule, write.next, write.next_fires);
  return Outcome{};
}

Result<Outcome> pause(Tables& tables, const PauseSchedules& write) {
  for (const domain::Schedule& given : write.schedules) {
    domain::Schedule* schedule = find(tables, write.tenant, given.id).second;
    if (schedule == nullptr || schedule->paused_at.has_value() == write.paused) continue;
    schedule->paused_at = write.paused ? std::optional(write.now) : std::nullopt;
    if (!write.paused) stand_at(tables, *schedule, given);
  }
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

void stand_at(Tables& tables, domain::Schedule& schedule, const domain::Schedule& given) {
  move_on(schedule, given.next_due, given.fires_at);
  if (!given.next_due) return;
  if (const auto until = fired_until(tables, schedule.id, *given.next_due)) move_on(schedule, until, until);
}

void replace_schedules(Tables& tables, WorkflowRow& row, const std::vector<domain::Schedule>& wanted) {
  std::vector<domain::Schedule> kept;
  for (const domain::Schedule& schedule : wanted) {
    const auto same = [&](const domain::Schedule& other) { return same_rule(schedule, other); };
    if (std::any_of(kept.begin(), kept.end(), same)) continue;
    const auto known = std::find_if(row.schedules.begin(), row.schedules.end(), same);
    kept.push_back(known == row.schedules.end() ? schedule : *known);
    kept.back().tenant = row.workflow.tenant;
    kept.back().workflow = row.workflow.id;
    if (kept.back().next_due == schedule.next_due) kept.back().fires_at = domain::firing_instant(schedule);
  }
  for (const domain::Schedule& schedule : row.schedules) {
    const auto same = [&](const domain::Schedule& other) { return same_rule(schedule, other); };
    if (std::none_of(kept.begin(), kept.end(), same)) tables.spans.erase(schedule.id);
  }
  row.schedules = std::move(kept);
}

void drop_schedules(Tables& tables, WorkflowRow& row) {
  for (const domain::Schedule& schedule : row.schedules) tables.spans.erase(schedule.id);
  row.schedules.clear();
}

}  // namespace ipaas::store::memory
