#include "core/store/sqlite/execution_table.h"

#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

// The partial indexes of the schema name these numbers.
static_assert(static_cast<int>(domain::ExecutionStatus::kWaiting) == 2);
static_assert(static_cast<int>(domain::ExecutionStatus::kSucceeded) == 3);
static_assert(static_cast<int>(domain::ExecutionStatus::kCancelled) == 5);

const Json kNoInputs = Json::object();
const Json kNoOutputs;

/// The three columns of an optional failure.
struct FailureColumns {
  std::optional<std::string_view> code;
  std::optional<std::string_view> step;
  Sealed message;

  FailureColumns(const std::optional<domain::Failure>& failure, Payloads& payloads, const SealLabel& label) {
    if (!failure) return;
    code = failure->code;
    step = failure->step;
    message = payloads.seal_text(label, failure->message);
  }
};

/// How many steps one decision can begin before their order is lost; a position has room for 2^43 decisions.
constexpr std::int64_t kStepsPerRevision = 1 << 20;

}  // namespace

Result<Outcome> ExecutionTable::accept(const AcceptEvent& write) {
  if (write.tick && !tables_.workflows.stands(write.tenant, write.tick->schedule, write.tick->due)) return stale();
  const auto workflow_no = tables_.workflows.living(write.tenant, write.event.workflow);
  if (!workflow_no) return no_workflow(write.event.workflow);
  const Instant now = write.event.received_at;
  const bool deduped = write.dedupe && write.first;
  if (deduped) {
    if (auto earlier = tables_.dedupe.find(*workflow_no, write.dedupe->key, now)) {
      return duplicate_of(std::move(*earlier));
    }
  }
  const std::int64_t event_no = insert_event(write, *workflow_no);
  if (write.first) {
    const domain::ExecutionChange& first = *write.first;
    const std::int64_t no = insert_execution(write.tenant, first.execution, *workflow_no, event_no);
    put_steps(write.tenant, no, first);
    put_attempts(write.tenant, no, first);
    for (const domain::Effect& effect : first.effects) tables_.outbox.add(write.tenant, no, effect, write.lease);
    tables_.logs.add(write.tenant, no, first.logs);
    if (deduped) tables_.dedupe.keep(write.tenant, *workflow_no, *write.dedupe, now, no);
  }
  if (write.tick) tables_.workflows.move_on(write.tenant, write.tick->schedule, write.tick->next);
  tables_.audit.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> ExecutionTable::advance(const AdvanceExecution& write) {
  const domain::ExecutionChange& change = write.change;
  std::int64_t no = 0;
  {
    Rows rows = connection_.prepared("SELECT no, revision FROM executions WHERE tenant_id = ? AND id = ?")
                    .query(write.tenant, change.execution.id);
    if (!rows.next()) return no_execution(change.execution.id);
    if (rows.integer(1) != change.execution.revision - 1) return stale();
    no = rows.integer(0);
  }
  update_execution(write.tenant, change.execution, no);
  put_steps(write.tenant, no, change);
  put_attempts(write.tenant, no, change);
  for (const EffectId& effect : change.finished) tables_.outbox.remove(no, effect);
  for (const domain::Effect& effect : change.effects) {
    tables_.outbox.add(write.tenant, no, effect, effect.due_at <= write.now ? write.lease : std::nullopt);
  }
  tables_.logs.add(write.tenant, no, change.logs);
  tables_.audit.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> ExecutionTable::finish(const FinishEffects&) { return Outcome{}; }
Result<Outcome> ExecutionTable::note_crash(const NoteCrash&) { return Outcome{}; }
Result<Outcome> ExecutionTable::discard(const DiscardExecutions&) { return Outcome{}; }
Result<Outcome> ExecutionTable::purge(const PurgeExecutions&) { return Outcome{}; }

std::int64_t ExecutionTable::insert_event(const AcceptEvent& write, std::int64_t workflow_no) {
  const domain::Event& event = write.event;
  connection_
      .prepared(
          "INSERT INTO events (tenant_id, id, workflow_no, trigger, received_at, payload) VALUES (?, ?, ?, ?, ?, ?)")
      .execute(write.tenant, event.id, workflow_no, event.trigger, event.received_at,
               payloads_.seal_text({write.tenant, kEventPayload, event.id.str()}, write.payload));
  return connection_.last_row();
}

std::int64_t ExecutionTable::insert_execution(const TenantId& tenant, const domain::Execution& execution,
                                              std::int64_t workflow_no, std::int64_t event_no) {
  const std::string_view id = execution.id.str();
  const FailureColumns error(execution.error, payloads_, {tenant, kExecutionError, id});
  connection_
      .prepared(
          "INSERT INTO executions (tenant_id, id, workflow_no, event_no, version, trigger, status, revision, seed,"
          " engine_version, created_at, started_at, ended_at, error_code, error_step, error_message, inputs, outputs)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(tenant, id, workflow_no, event_no, execution.version, execution.trigger, execution.status,
               execution.revision, execution.seed, execution.engine_version, execution.created_at, execution.started_at,
               execution.ended_at, error.code, error.step, error.message,
               payloads_.seal_json({tenant, kExecutionInputs, id}, execution.inputs, kNoInputs),
               payloads_.seal_json({tenant, kExecutionOutputs, id}, execution.outputs, kNoOutputs));
  return connection_.last_row();
}

void ExecutionTable::update_execution(const TenantId& tenant, const domain::Execution& execution, std::int64_t no) {
  const std::string_view id = execution.id.str();
  const FailureColumns error(execution.error, payloads_, {tenant, kExecutionError, id});
  connection_
      .prepared(
          "UPDATE executions SET status = ?, revision = ?, started_at = ?, ended_at = ?, error_code = ?,"
          " error_step = ?, error_message = ?, inputs = ?, outputs = ? WHERE no = ?")
      .execute(execution.status, execution.revision, execution.started_at, execution.ended_at, error.code, error.step,
               error.message, payloads_.seal_json({tenant, kExecutionInputs, id}, execution.inputs, kNoInputs),
               payloads_.seal_json({tenant, kExecutionOutputs, id}, execution.outputs, kNoOutputs), no);
}

void ExecutionTable::put_steps(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change) {
  std::int64_t position = change.execution.revision * kStepsPerRevision;
  for (const domain::Step& step : change.steps) {
    const std::string id = joined(change.execution.id.str(), step.path);
    const FailureColumns error(step.error, payloads_, {tenant, kStepError, id});
    connection_
        .prepared(
            "INSERT INTO steps (execution_no, path, position, tenant_id, kind, status, softened, attempts, sends,"
            " started_at, ended_at, deferred_since, error_code, error_step, error_message, outputs)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (execution_no, path) DO UPDATE SET kind = excluded.kind, status = excluded.status,"
            " softened = excluded.softened, attempts = excluded.attempts, sends = excluded.sends,"
            " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            " deferred_since = excluded.deferred_since, error_code = excluded.error_code,"
            " error_step = excluded.error_step, error_message = excluded.error_message, outputs = excluded.outputs")
        .execute(no, step.path, position++, tenant, step.kind, step.status, step.softened, step.attempts, step.sends,
                 step.started_at, step.ended_at, step.deferred_since, error.code, error.step, error.message,
                 payloads_.seal_json({tenant, kStepOutputs, id}, step.outputs, kNoOutputs));
  }
}

void ExecutionTable::put_attempts(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change) {
  for (const domain::Attempt& attempt : change.attempts) {
    const std::string id = joined(joined(change.execution.id.str(), attempt.path), attempt.number);
    connection_
        .prepared(
            "INSERT OR REPLACE INTO attempts (execution_no, path, number, tenant_id, started_at, ended_at, outcome,"
            " message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .execute(no, attempt.path, attempt.number, tenant, attempt.started_at, attempt.ended_at, attempt.outcome,
                 payloads_.seal_text({tenant, kAttemptMessage, id}, attempt.message));
  }
}

}  // namespace ipaas::store::sqlite
