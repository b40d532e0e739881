#include "core/store/sqlite/step_table.h"

#include "core/store/sqlite/failure_columns.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

const Json kNoOutputs;

/// How many steps one decision can begin before their order is lost; a position has room for 2^43 decisions.
constexpr std::int64_t kStepsPerRevision = 1 << 20;

std::optional<std::string_view> unless_empty(const ExecutionId& id) {
  return id.empty() ? std::nullopt : std::optional<std::string_view>(id.str());
}

}  // namespace

void StepTable::put(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change) {
  std::int64_t position = change.execution.revision * kStepsPerRevision;
  for (const domain::Step& step : change.steps) {
    const std::string id = joined(change.execution.id.str(), step.path);
    put_step(tenant, no, position++, id, step);
    if (step.items) keep_items(tenant, no, id, step);
  }
  put_attempts(tenant, no, change);
}

void StepTable::put_step(const TenantId& tenant, std::int64_t no, std::int64_t position, std::string_view id,
                         const domain::Step& step) {
  const FailureColumns error(step.error, payloads_, {tenant, kStepError, id});
  connection_
      .prepared(
          "INSERT INTO steps (execution_no, path, position, tenant_id, kind, status, softened, attempts, sends,"
          " started_at, ended_at, deferred_since, error_code, error_step, error_message, outputs, sensitive, due_at,"
          " begun, open, child) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (execution_no, path) DO UPDATE SET kind = excluded.kind, status = excluded.status,"
          " softened = excluded.softened, attempts = excluded.attempts, sends = excluded.sends,"
          " started_at = excluded.started_at, ended_at = excluded.ended_at,"
          " deferred_since = excluded.deferred_since, error_code = excluded.error_code,"
          " error_step = excluded.error_step, error_message = excluded.error_message, outputs = excluded.outputs,"
          " sensitive = excluded.sensitive, due_at = excluded.due_at, begun = excluded.begun, open = excluded.open,"
          " child = excluded.child")
      .execute(no, step.path, position, tenant, step.kind, step.status, step.softened, step.attempts, step.sends,
               step.started_at, step.ended_at, step.deferred_since, error.code, error.step, error.message,
               payloads_.seal_json({tenant, kStepOutputs, id}, step.outputs, kNoOutputs), step.sensitive, step.due_at,
               step.begun, step.open, unless_empty(step.child));
}

void StepTable::keep_items(const TenantId& tenant, std::int64_t no, std::string_view id, const domain::Step& step) {
  // Asked first, because sealing a list of 10,000 items again with each of its rounds would take longer than the
  // rounds.
  if (connection_.prepared("SELECT 1 FROM step_items WHERE execution_no = ? AND path = ?")
          .query(no, step.path)
          .next()) {
    return;
  }
  connection_.prepared("INSERT INTO step_items (execution_no, path, tenant_id, items) VALUES (?, ?, ?, ?)")
      .execute(no, step.path, tenant, payloads_.seal({tenant, kStepItems, id}, dump_json(*step.items)));
}

void StepTable::put_attempts(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change) {
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

void StepTable::forget_payloads(std::int64_t no) {
  connection_.prepared("UPDATE steps SET outputs = NULL WHERE execution_no = ? AND outputs IS NOT NULL").execute(no);
  connection_.prepared("DELETE FROM step_items WHERE execution_no = ?").execute(no);
}

void StepTable::remove(std::int64_t no) {
  connection_.prepared("DELETE FROM steps WHERE execution_no = ?").execute(no);
  connection_.prepared("DELETE FROM step_items WHERE execution_no = ?").execute(no);
  connection_.prepared("DELETE FROM attempts WHERE execution_no = ?").execute(no);
}

}  // namespace ipaas::store::sqlite
