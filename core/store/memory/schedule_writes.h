// Writes that concern schedules, in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

// Each applies the write or refuses it without a trace. The caller holds the lock of the tables.
[[nodiscard]] Result<Outcome> skip(Tables& tables, const SkipTick& write);
[[nodiscard]] Result<Outcome> pause(Tables& tables, const PauseSchedules& write);

/// May the instant of the tick fire? Where it has fired already the schedule moves on.
[[nodiscard]] bool claims(Tables& tables, const TenantId& tenant, const AcceptEvent::Tick& tick);
/// Notes that it did, and moves the schedule on.
void fire(Tables& tables, const TenantId& tenant, const AcceptEvent::Tick& tick);

/// As SaveWorkflows says of the schedules of one workflow.
void replace_schedules(Tables& tables, WorkflowRow& row, const std::vector<domain::Schedule>& wanted);
/// At the `next_due` of `given`, or past it where that has fired.
void stand_at(Tables& tables, domain::Schedule& schedule, const domain::Schedule& given);
void drop_schedules(Tables& tables, WorkflowRow& row);

}  // namespace ipaas::store::memory
