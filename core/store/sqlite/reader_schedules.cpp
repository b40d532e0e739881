// Where schedules stand, and what they have fired.
#include "core/store/sqlite/reader.h"

namespace ipaas::store::sqlite {
namespace {

/// The columns that every statement here selects, in their order.
domain::Schedule read_schedule(const Rows& rows) {
  return {.id = rows.id<ScheduleId>(0),
          .tenant = rows.id<TenantId>(1),
          .workflow = rows.id<WorkflowId>(2),
          .cron = rows.text(3),
          .timezone = rows.text(4),
          .next_due = rows.maybe_instant(5),
          .workflow_name = rows.text(6),
          .version = rows.small(7),
          .fires_at = rows.maybe_instant(8),
          .paused_at = rows.maybe_instant(9),
          .enabled = rows.flag(10),
          .last_due = rows.maybe_instant(11),
          .last_lag = Duration(rows.integer(12))};
}

std::vector<domain::Schedule> all_of(Rows rows) {
  std::vector<domain::Schedule> found;
  while (rows.next()) found.push_back(read_schedule(rows));
  return found;
}

}  // namespace

Result<std::vector<domain::Schedule>> SqliteReader::schedules(const TenantId& tenant, const WorkflowId& workflow) {
  return reading([&] {
    return all_of(connection_
                      .prepared("SELECT s.id, s.tenant_id, w.id, s.cron, s.timezone, s.next_due, w.name, w.version, s.fires_at,"
                                " s.paused_at, w.enabled, s.last_due, s.last_lag"
                                " FROM workflows w JOIN schedules s ON s.workflow_no = w.no"
                                " WHERE w.tenant_id = ? AND w.id = ? AND w.deleted = 0 ORDER BY s.id")
                      .query(tenant, workflow));
  });
}

Result<std::vector<domain::Schedule>> SqliteReader::all_schedules(const TenantId& tenant) {
  return reading([&] {
    return all_of(connection_
                      .prepared("SELECT s.id, s.tenant_id, w.id, s.cron, s.timezone, s.next_due, w.name, w.version, s.fires_at,"
                                " s.paused_at, w.enabled, s.last_due, s.last_lag"
                                " FROM schedules s JOIN workflows w ON w.no = s.workflow_no"
                                " WHERE s.tenant_id = ? ORDER BY w.name, s.id")
                      .query(tenant));
  });
}

Result<std::vector<domain::Schedule>> SqliteReader::schedules_by_due(std::size_t limit) {
  return reading([&] {
    return all_of(connection_
                      .prepared("SELECT s.id, s.tenant_id, w.id, s.cron, s.timezone, s.next_due, w.name, w.version, s.fires_at,"
                                " s.paused_at, w.enabled, s.last_due, s.last_lag"
                                " FROM schedules s CROSS JOIN workflows w ON w.no = s.workflow_no"
                                " WHERE s.fires_at IS NOT NULL AND s.paused_at IS NULL AND w.enabled = 1"
                                " ORDER BY s.fires_at, s.id LIMIT ?")
                      .query(limit));
  });
}

Result<std::vector<domain::FiredSpan>> SqliteReader::fired(const TenantId& tenant, const ScheduleId& schedule,
                                                           Instant from, Instant to) {
  return reading([&] {
    std::vector<domain::FiredSpan> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT since, until FROM schedule_spans WHERE schedule_id = ? AND tenant_id = ?"
                        " AND since < ? AND until > ? ORDER BY since")
                    .query(schedule, tenant, to, from);
    while (rows.next()) found.push_back({rows.instant(0), rows.instant(1)});
    return found;
  });
}

}  // namespace ipaas::store::sqlite
