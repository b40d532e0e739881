#include "core/store/sqlite/dedupe_table.h"

namespace ipaas::store::sqlite {

std::optional<ExecutionId> DedupeTable::find(std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe, Instant now) {
  Rows rows = connection_
                  .prepared(
                      "SELECT coalesce(e.id, d.purged_id) FROM dedupe_keys d LEFT JOIN executions e"
                      " ON e.no = d.execution_no WHERE d.workflow_no = ? AND d.key = ? AND d.expires_at > ?"
                      " AND coalesce(e.status, d.purged_status) <> ?")
                  .query(workflow_no, dedupe.key, now, domain::ExecutionStatus::kFailed);
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
  prune_later(now);
}

void DedupeTable::outlive(std::int64_t workflow_no, const std::string& key, std::int64_t execution_no) {
  connection_
      .prepared(
          "UPDATE dedupe_keys SET purged_id = e.id, purged_status = e.status FROM executions e"
          " WHERE dedupe_keys.workflow_no = ?1 AND key = ?2 AND execution_no = ?3 AND e.no = ?3")
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

std::optional<ExecutionId> DedupeTable::started_by_end(std::int64_t ended_no, std::int64_t workflow_no) {
  Rows rows = connection_.prepared("SELECT execution FROM end_starts WHERE ended_no = ? AND workflow_no = ?")
                  .query(ended_no, workflow_no);
  if (!rows.next()) return std::nullopt;
  return rows.id<ExecutionId>(0);
}

void DedupeTable::keep_end(const TenantId& tenant, std::int64_t ended_no, std::int64_t workflow_no,
                           const ExecutionId& started) {
  connection_.prepared("INSERT INTO end_starts (ended_no, workflow_no, tenant_id, execution) VALUES (?, ?, ?, ?)")
      .execute(ended_no, workflow_no, tenant, started);
}

void DedupeTable::forget_end(std::int64_t ended_no) {
  connection_.prepared("DELETE FROM end_starts WHERE ended_no = ?").execute(ended_no);
}

}  // namespace ipaas::store::sqlite
