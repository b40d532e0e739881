// Deletes what has ended long ago.
#pragma once

#include "core/store/sqlite/execution_table.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. It costs as much as it deletes, however much there is beside it. Throws
/// SQLite::Exception, and Refusal for what cannot be opened.
class Purge {
 public:
  struct Tables {
    StepTable& steps;
    LogTable& logs;
    DedupeTable& dedupe;
    MaskedValues& masked;
    AuditTrail& audit;
    const ExecutionTable& executions;
  };
  Purge(Connection& connection, Payloads& payloads, Tables tables)
      : connection_(connection), payloads_(payloads), tables_(tables) {}

  Result<Outcome> run(const PurgeExecutions& write);

 private:
  struct Candidate {
    std::int64_t no = 0;
    std::int64_t ended_at = 0;
  };
  /// The ended executions of one workflow, the oldest first, a few at a time.
  struct Lane {
    std::int64_t workflow_no = 0;
    bool bare = false;
    std::vector<Candidate> next = {};  ///< the oldest at the back
    Candidate last = {};               ///< the newest that was read
    bool read_out = false;
  };

  [[nodiscard]] std::vector<std::int64_t> workflows_of(const PurgeExecutions& write);
  [[nodiscard]] std::vector<std::int64_t> oldest(const PurgeExecutions& write,
                                                 const std::vector<std::int64_t>& workflows);
  void refill(Lane& lane, Instant ended_before, std::size_t count);
  void remove(std::int64_t no);
  void release_event(std::int64_t event_no, bool shared, std::int64_t no);
  void remember_numbers(std::size_t purged);
  void remove_kept_events(std::int64_t workflow_no, Instant received_before, std::size_t& left);
  void forget_payloads(const TenantId& tenant, std::int64_t no);

  Connection& connection_;
  Payloads& payloads_;
  Tables tables_;
};

}  // namespace ipaas::store::sqlite
