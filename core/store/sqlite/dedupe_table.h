// What must start only one execution: events by their keys, and ends of executions.
#pragma once

#include <algorithm>

#include "core/store/sqlite/connection.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Keys belong to one workflow. Throws SQLite::Exception.
class DedupeTable {
 public:
  explicit DedupeTable(Connection& connection) : connection_(connection) {}

  /// The execution that an event with this key started within its window, unless it has failed.
  [[nodiscard]] std::optional<ExecutionId> find(std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe,
                                                Instant now);
  /// Takes a key over if it is there.
  void keep(const TenantId& tenant, std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe, Instant now,
            std::int64_t execution_no);
  /// The execution goes, and its key stays until its window has passed.
  void outlive(std::int64_t workflow_no, const std::string& key, std::int64_t execution_no);
  /// Deletes a few keys whose window has passed, if any key was kept or anything purged since the last call: what grows
  /// also shrinks.
  void prune();
  void prune_later(Instant now) { newest_ = std::max(newest_.value_or(now), now); }

  /// What the end of an execution has started in a workflow.
  [[nodiscard]] std::optional<ExecutionId> started_by_end(std::int64_t ended_no, std::int64_t workflow_no);
  void keep_end(const TenantId& tenant, std::int64_t ended_no, std::int64_t workflow_no, const ExecutionId& started);
  void forget_end(std::int64_t ended_no);

 private:
  Connection& connection_;
  std::optional<Instant> newest_;
};

}  // namespace ipaas::store::sqlite
