#include "core/store/sqlite/dedupe_table.h"

namespace ipaas::store::sqlite {

std::optional<ExecutionId> DedupeTable::find(std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe, Instant now) {
  Rows rows = connection_
                  .prepared(
                      "SELECT e.id FROM dedupe_keys d JOIN executions e ON e.no = d.execution_no"
                      " WHERE d.workflow_no = ? AND d.key = ? AND d.expires_at > ? AND (? OR e.status <> ?)")
                  .query(workflow_no, dedupe.key, now, dedupe.even_failed, domain::ExecutionStatus::kFailed);
  if (!rows.next()) return std::nullopt;
  return rows.id<ExecutionId>(0);
}

void DedupeTable::keep(const TenantId& tenant, std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe, Instant now,
                       std::int64_t execution_no) {
  connection_
      .prepared(
          "INSERT OR REPLACE INTO dedupe_keys (workflow_no, key, tenant_id, execution_no, expires_at)"
          " VALUES (?, ?, ?, ?, ?)")
      .execute(workflow_no, dedupe.key, tenant, execution_no, now + dedupe.window);
  newest_ = std::max(newest_.value_or(now), now);
}

void DedupeTable::remove(std::int64_t workflow_no, const std::string& key, std::int64_t execution_no) {
  connection_.prepared("DELETE FROM dedupe_keys WHERE workflow_no = ? AND key = ? AND execution_no = ?")
      .execute(workflow_no, key, execution_no);
}

void DedupeTable::prune() {
  if (!newest_) return;
  // More than one batch can add, so that a backlog shrinks; few enough that no commit is felt.
  connection_
      .prepared(
          "DELETE FROM dedupe_keys WHERE (workflow_no, key) IN (SELECT workflow_no, key FROM dedupe_keys"
          " WHERE expires_at <= ? ORDER BY expires_at LIMIT 512)")
      .execute(*newest_);
  newest_.reset();
}

}  // namespace ipaas::store::sqlite
