// What the writer needs between two failures: a connection and the tables on it.
#pragma once

#include <vector>

#include "core/store/sqlite/audit_trail.h"
#include "core/store/sqlite/credential_table.h"
#include "core/store/sqlite/delivery_table.h"
#include "core/store/sqlite/execution_table.h"
#include "core/store/sqlite/purge.h"
#include "core/store/sqlite/tally.h"
#include "core/store/sqlite/variable_table.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Not thread-safe. Everything here throws SQLite::Exception.
class WriteSession {
 public:
  WriteSession(const std::filesystem::path& file, Sealer& sealer, const SqliteOptions& options);

  /// One durable transaction. When this throws, nothing of it counts.
  std::vector<Result<Outcome>> commit(const std::vector<Write>& batch);
  std::size_t release_orphans(domain::BootId boot);

  /// As of the last commit.
  void tell(Tally& tally) const { tally.tell(executions_.live(), outbox_.size()); }

  [[nodiscard]] Connection& connection() { return connection_; }

 private:
  /// A write that SQLite itself refuses in the middle (an identifier that is taken, a value too long) is rare, and a savepoint for each
  /// write is not free. So the batch first runs without, and only if that happens again with them.
  enum class Care { kWhole, kEachWrite };

  std::vector<Result<Outcome>> attempt(const std::vector<Write>& batch, Care care);
  Result<Outcome> apply(const Write& write);
  Result<Outcome> apply_in_savepoint(const Write& write);
  /// How far the numbers were given out, and how much there was.
  struct Marks {
    domain::LogSequence log = 0;
    std::int64_t execution = 0;
    std::int64_t live = 0;
    std::int64_t effects = 0;
  };
  [[nodiscard]] Marks marks() const { return {logs_.last(), executions_.last(), executions_.live(), outbox_.size()}; }
  /// After a roll-back: gives numbers back, counts as before and forgets what was remembered.
  void return_to(const Marks& marks);
  void undo(const Marks& marks) noexcept;

  Connection connection_;
  Payloads payloads_;
  AuditTrail audit_;
  ScheduleTable schedules_;
  WorkflowTable workflows_;
  StepTable steps_;
  OutboxTable outbox_;
  GroupTable groups_;
  LogTable logs_;
  DedupeTable dedupe_;
  MaskedValues masked_;
  DeliveryTable deliveries_;
  CredentialTable credentials_;
  VariableTable variables_;
  ExecutionTable executions_;
  Purge purge_;
};

}  // namespace ipaas::store::sqlite
