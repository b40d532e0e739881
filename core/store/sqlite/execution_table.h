// Events, executions, their steps and attempts, as the writer changes them.
#pragma once

#include "core/store/sqlite/dedupe_table.h"
#include "core/store/sqlite/log_table.h"
#include "core/store/sqlite/outbox_table.h"
#include "core/store/sqlite/workflow_table.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class ExecutionTable {
 public:
  struct Neighbours {
    WorkflowTable& workflows;
    OutboxTable& outbox;
    LogTable& logs;
    DedupeTable& dedupe;
    AuditTrail& audit;
  };
  ExecutionTable(Connection& connection, Payloads& payloads, Neighbours neighbours)
      : connection_(connection), payloads_(payloads), tables_(neighbours) {}

  Result<Outcome> accept(const AcceptEvent& write);
  Result<Outcome> advance(const AdvanceExecution& write);
  Result<Outcome> finish(const FinishEffects& write);
  Result<Outcome> note_crash(const NoteCrash& write);
  Result<Outcome> discard(const DiscardExecutions& write);
  Result<Outcome> purge(const PurgeExecutions& write);

 private:
  std::int64_t insert_event(const AcceptEvent& write, std::int64_t workflow_no);
  std::int64_t insert_execution(const TenantId& tenant, const domain::Execution& execution, std::int64_t workflow_no,
                                std::int64_t event_no);
  void update_execution(const TenantId& tenant, const domain::Execution& execution, std::int64_t no);
  void put_steps(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change);
  void put_attempts(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change);

  Connection& connection_;
  Payloads& payloads_;
  Neighbours tables_;
};

}  // namespace ipaas::store::sqlite
