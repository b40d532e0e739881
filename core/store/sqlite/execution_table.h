// Events and executions, as the writer changes them.
#pragma once

#include "core/store/sqlite/dedupe_table.h"
#include "core/store/sqlite/delivery_table.h"
#include "core/store/sqlite/group_table.h"
#include "core/store/sqlite/log_table.h"
#include "core/store/sqlite/masked_values.h"
#include "core/store/sqlite/outbox_table.h"
#include "core/store/sqlite/step_table.h"
#include "core/store/sqlite/workflow_table.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class ExecutionTable {
 public:
  struct Neighbours {
    WorkflowTable& workflows;
    StepTable& steps;
    ScheduleTable& schedules;
    OutboxTable& outbox;
    GroupTable& groups;
    LogTable& logs;
    DedupeTable& dedupe;
    MaskedValues& masked;
    DeliveryTable& deliveries;
    AuditTrail& audit;
  };
  ExecutionTable(Connection& connection, Payloads& payloads, Neighbours neighbours);

  Result<Outcome> accept(const AcceptEvent& write);
  Result<Outcome> advance(const AdvanceExecution& write);
  Result<Outcome> finish(const FinishEffects& write);
  Result<Outcome> note_crash(const NoteCrash& write);
  Result<Outcome> discard(const DiscardExecutions& write);

  /// The newest number of an execution. A roll-back gives back what was taken since, so that the numbers tell how many
  /// there are.
  [[nodiscard]] std::int64_t last() const { return last_; }
  /// How many have not ended.
  [[nodiscard]] std::int64_t live() const { return live_; }
  void return_to(std::int64_t last, std::int64_t live) {
    last_ = last;
    live_ = live;
  }

 private:
  /// What an execution begins on.
  struct Ground {
    std::int64_t workflow_no = 0;
    std::optional<std::int64_t> parent_no = {};
    std::optional<std::int64_t> ended_no = {};  ///< of the execution whose end starts it
    /// Of a retry: the execution that is retried, its event, and the key that the event came with.
    std::optional<std::int64_t> retried_no = {};
    std::int64_t event_no = 0;
    std::optional<std::string> dedupe_key = {};
  };
  struct Stored;

  /// Why the execution is not to begin; else completes the ground.
  [[nodiscard]] std::optional<Result<Outcome>> refuse(const AcceptEvent& write, Ground& ground);
  [[nodiscard]] std::optional<Result<Outcome>> refuse_child(const AcceptEvent& write, Ground& ground);
  [[nodiscard]] std::optional<Result<Outcome>> refuse_end(const AcceptEvent& write, Ground& ground);
  [[nodiscard]] std::optional<Result<Outcome>> refuse_retry(const AcceptEvent& write, Ground& ground);
  void begin(const AcceptEvent& write, const Ground& ground);
  void take_over(const Ground& ground, std::int64_t no);
  std::int64_t insert_event(const AcceptEvent& write, std::int64_t workflow_no);
  std::int64_t insert_execution(const AcceptEvent& write, const Ground& ground, const std::string& group_key);

  [[nodiscard]] std::optional<Stored> stored(const TenantId& tenant, const ExecutionId& id);
  void update_keys(const TenantId& tenant, const domain::Execution& execution, std::int64_t no);
  void update_execution(const TenantId& tenant, const domain::Execution& execution, const Stored& before);

  Connection& connection_;
  Payloads& payloads_;
  Neighbours tables_;
  std::int64_t last_;
  std::int64_t live_;
};

}  // namespace ipaas::store::sqlite
