// Where schedules stand and what has fired, as the writer changes it.
#pragma once

#include "core/store/sqlite/audit_trail.h"
#include "core/store/sqlite/connection.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class ScheduleTable {
 public:
  ScheduleTable(Connection& connection, AuditTrail& audit) : connection_(connection), audit_(audit) {}

  /// May the instant of the tick fire? Where it has fired already the schedule moves on.
  [[nodiscard]] bool claims(const TenantId& tenant, const AcceptEvent::Tick& tick);
  /// Notes that it did, and moves the schedule on.
  void fire(const TenantId& tenant, const AcceptEvent::Tick& tick);

  Result<Outcome> skip(const SkipTick& write);
  Result<Outcome> pause(const PauseSchedules& write);

  /// As SaveWorkflows says of the schedules of one workflow.
  void replace(const TenantId& tenant, std::int64_t workflow_no, const std::vector<domain::Schedule>& wanted);
  /// At the `next_due` given here, or past it where that has fired.
  void stand_at(const domain::Schedule& schedule, std::int64_t workflow_no);
  void drop_all(std::int64_t workflow_no);

 private:
  [[nodiscard]] bool stands(const TenantId& tenant, const ScheduleId& schedule, Instant due);
  [[nodiscard]] std::optional<domain::FiredSpan> span_at(const ScheduleId& schedule, Instant instant);
  void move_on(const TenantId& tenant, const ScheduleId& schedule, const std::optional<Instant>& next,
               const std::optional<Instant>& fires_at);
  void add_span(const TenantId& tenant, const ScheduleId& schedule, domain::FiredSpan span);
  void drop(const ScheduleId& schedule);

  Connection& connection_;
  AuditTrail& audit_;
};

}  // namespace ipaas::store::sqlite
