// What the writer needs between two failures: a connection and the tables on it.
#pragma once

#include <vector>

#include "core/store/sqlite/audit_trail.h"
#include "core/store/sqlite/credential_table.h"
#include "core/store/sqlite/execution_table.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Not thread-safe. Everything here throws SQLite::Exception.
class WriteSession {
 public:
  WriteSession(const std::filesystem::path& file, Sealer& sealer, const SqliteOptions& options);

  /// One durable transaction. When this throws, nothing of it counts.
  std::vector<Result<Outcome>> commit(const std::vector<Write>& batch);
  std::size_t release_orphans(domain::BootId boot);

  [[nodiscard]] Connection& connection() { return connection_; }

 private:
  /// A write that SQLite itself refuses in the middle (an identifier that is taken) is rare, and a savepoint for each
  /// write is not free. So the batch first runs without, and only if that happens again with them.
  enum class Care { kWhole, kEachWrite };

  std::vector<Result<Outcome>> attempt(const std::vector<Write>& batch, Care care);
  Result<Outcome> apply(const Write& write);
  Result<Outcome> apply_in_savepoint(const Write& write);
  void undo(domain::LogSequence last) noexcept;

  Connection connection_;
  Payloads payloads_;
  AuditTrail audit_;
  WorkflowTable workflows_;
  OutboxTable outbox_;
  LogTable logs_;
  DedupeTable dedupe_;
  CredentialTable credentials_;
  ExecutionTable executions_;
};

}  // namespace ipaas::store::sqlite
