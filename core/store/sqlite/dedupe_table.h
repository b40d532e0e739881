// The keys of events that must start only one execution.
#pragma once

#include "core/store/sqlite/connection.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Keys belong to one workflow. Throws SQLite::Exception.
class DedupeTable {
 public:
  explicit DedupeTable(Connection& connection) : connection_(connection) {}

  /// The execution that an event with this key started within its window, unless it has failed and that matters.
  [[nodiscard]] std::optional<ExecutionId> find(std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe,
                                                Instant now);
  /// Takes a key over if it is there.
  void keep(const TenantId& tenant, std::int64_t workflow_no, const AcceptEvent::Dedupe& dedupe, Instant now,
            std::int64_t execution_no);
  void remove(std::int64_t workflow_no, const std::string& key, std::int64_t execution_no);
  /// Deletes a few keys whose window has passed, if any key was kept since the last call: what grows also shrinks.
  void prune();

 private:
  Connection& connection_;
  std::optional<Instant> newest_;
};

}  // namespace ipaas::store::sqlite
