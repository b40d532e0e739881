#include "core/store/sqlite/schedule_table.h"

#include <algorithm>

#include "core/store/refusals.h"

namespace ipaas::store::sqlite {

bool ScheduleTable::claims(const TenantId& tenant, const AcceptEvent::Tick& tick) {
  const Instant fired = tick.fired.value_or(tick.due);
  if (tick.by_hand) {
    return !span_at(tick.schedule, fired) &&
           connection_.prepared("SELECT 1 FROM schedules WHERE id = ? AND tenant_id = ?")
               .query(tick.schedule, tenant)
               .next();
  }
  if (!stands(tenant, tick.schedule, tick.due)) return false;
  if (!span_at(tick.schedule, fired)) return true;
  move_on(tenant, tick.schedule, tick.next, tick.next_fires);
  return false;
}

void ScheduleTable::fire(const TenantId& tenant, const AcceptEvent::Tick& tick) {
  const Instant fired = tick.fired.value_or(tick.due);
  add_span(tenant, tick.schedule, {fired, tick.next.value_or(fired + Duration(1))});
  if (tick.by_hand) return;
  connection_.prepared("UPDATE schedules SET last_due = ?, last_lag = ? WHERE id = ? AND tenant_id = ?")
      .execute(fired, tick.lag.count(), tick.schedule, tenant);
  move_on(tenant, tick.schedule, tick.next, tick.next_fires);
}

Result<Outcome> ScheduleTable::skip(const SkipTick& write) {
  if (!stands(write.tenant, write.schedule, write.due)) return stale();
  move_on(write.tenant, write.schedule, write.next, write.next_fires);
  return Outcome{};
}

Result<Outcome> ScheduleTable::pause(const PauseSchedules& write) {
  for (const domain::Schedule& schedule : write.schedules) {
    std::int64_t workflow_no = 0;
    {
      Rows rows = connection_
                      .prepared(
                          "SELECT workflow_no FROM schedules"
                          " WHERE id = ? AND tenant_id = ? AND (paused_at IS NULL) = ?")
                      .query(schedule.id, write.tenant, write.paused);
      if (!rows.next()) continue;
      workflow_no = rows.integer(0);
    }
    connection_.prepared("UPDATE schedules SET paused_at = ? WHERE id = ?")
        .execute(write.paused ? std::optional(write.now) : std::nullopt, schedule.id);
    if (!write.paused) stand_at(schedule, workflow_no);
  }
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

void ScheduleTable::replace(const TenantId& tenant, std::int64_t workflow_no,
                            const std::vector<domain::Schedule>& wanted) {
  std::vector<ScheduleId> dropped;
  {
    Rows rows = connection_.prepared("SELECT id, cron, timezone FROM schedules WHERE workflow_no = ?").query(workflow_no);
    while (rows.next()) {
      const auto same = [&](const domain::Schedule& schedule) {
        return schedule.cron == rows.view(1) && schedule.timezone == rows.view(2);
      };
      if (std::none_of(wanted.begin(), wanted.end(), same)) dropped.push_back(rows.id<ScheduleId>(0));
    }
  }
  for (const ScheduleId& id : dropped) drop(id);
  for (const domain::Schedule& schedule : wanted) {
    connection_
        .prepared(
            "INSERT INTO schedules (id, tenant_id, workflow_no, cron, timezone, next_due, fires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (workflow_no, cron, timezone) DO UPDATE SET fires_at = excluded.fires_at"
            " WHERE next_due = excluded.next_due")
        .execute(schedule.id, tenant, workflow_no, schedule.cron, schedule.timezone, schedule.next_due,
                 firing_instant(schedule));
  }
}

void ScheduleTable::stand_at(const domain::Schedule& schedule, std::int64_t workflow_no) {
  std::optional<Instant> due = schedule.next_due;
  std::optional<Instant> fires = firing_instant(schedule);
  if (const auto span = due ? span_at(schedule.id, *due) : std::nullopt) due = fires = span->until;
  connection_.prepared("UPDATE schedules SET next_due = ?, fires_at = ? WHERE id = ? AND workflow_no = ?")
      .execute(due, fires, schedule.id, workflow_no);
}

void ScheduleTable::drop_all(std::int64_t workflow_no) {
  connection_
      .prepared("DELETE FROM schedule_spans WHERE schedule_id IN (SELECT id FROM schedules WHERE workflow_no = ?)")
      .execute(workflow_no);
  connection_.prepared("DELETE FROM schedules WHERE workflow_no = ?").execute(workflow_no);
}

void ScheduleTable::drop(const ScheduleId& schedule) {
  connection_.prepared("DELETE FROM schedule_spans WHERE schedule_id = ?").execute(schedule);
  connection_.prepared("DELETE FROM schedules WHERE id = ?").execute(schedule);
}

bool ScheduleTable::stands(const TenantId& tenant, const ScheduleId& schedule, Instant due) {
  return connection_
      .prepared(
          "SELECT 1 FROM schedules s JOIN workflows w ON w.no = s.workflow_no"
          " WHERE s.id = ? AND s.tenant_id = ? AND s.next_due = ? AND s.paused_at IS NULL AND w.enabled = 1")
      .query(schedule, tenant, due)
      .next();
}

void ScheduleTable::move_on(const TenantId& tenant, const ScheduleId& schedule, const std::optional<Instant>& next,
                            const std::optional<Instant>& fires_at) {
  connection_.prepared("UPDATE schedules SET next_due = ?, fires_at = ? WHERE id = ? AND tenant_id = ?")
      .execute(next, fires_at ? fires_at : next, schedule, tenant);
}

std::optional<domain::FiredSpan> ScheduleTable::span_at(const ScheduleId& schedule, Instant instant) {
  Rows rows = connection_
                  .prepared(
                      "SELECT since, until FROM schedule_spans WHERE schedule_id = ? AND since <= ?"
                      " ORDER BY since DESC LIMIT 1")
                  .query(schedule, instant);
  if (!rows.next() || rows.instant(1) <= instant) return std::nullopt;
  return domain::FiredSpan{rows.instant(0), rows.instant(1)};
}

/// Joined with the span that ends where it begins and with the one that begins where it ends.
void ScheduleTable::add_span(const TenantId& tenant, const ScheduleId& schedule, domain::FiredSpan span) {
  if (const auto before = span_at(schedule, span.since - Duration(1)); before && before->until == span.since) {
    span.since = before->since;
  }
  {
    Rows rows = connection_.prepared("SELECT until FROM schedule_spans WHERE schedule_id = ? AND since = ?")
                    .query(schedule, span.until);
    if (rows.next()) {
      const Instant joined = span.until;
      span.until = rows.instant(0);
      connection_.prepared("DELETE FROM schedule_spans WHERE schedule_id = ? AND since = ?").execute(schedule, joined);
    }
  }
  connection_
      .prepared(
          "INSERT INTO schedule_spans (schedule_id, since, until, tenant_id) VALUES (?, ?, ?, ?)"
          " ON CONFLICT (schedule_id, since) DO UPDATE SET until = excluded.until")
      .execute(schedule, span.since, span.until, tenant);
}

}  // namespace ipaas::store::sqlite
