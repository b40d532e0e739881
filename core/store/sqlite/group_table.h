// Concurrency groups: who has a slot and who waits for one, as it follows from the live executions.
#pragma once

#include <unordered_map>

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/outbox_table.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// What of an execution matters to its group.
struct Membership {
  TenantId tenant;
  std::int64_t no = 0;
  std::string key = {};    ///< of the group; empty where no slot is needed
  std::int64_t limit = 1;  ///< of the execution's own version
  bool waiting = false;    ///< for a slot
  bool ended = false;
};

/// Part of the writer's transaction. There is no counter in the file that could leak: an index on live executions
/// tells. Throws SQLite::Exception.
class GroupTable {
 public:
  GroupTable(Connection& connection, Payloads& payloads, OutboxTable& outbox)
      : connection_(connection), payloads_(payloads), outbox_(outbox) {}

  /// By what the group is known in which a new execution counts itself: empty where it is in none, or an ancestor, who has
  /// not ended, has a slot for both. It is a digest, salted with the tenant, because the name may hold personal data.
  [[nodiscard]] std::string key_of(const TenantId& tenant, const domain::Execution& execution,
                                   const std::optional<std::int64_t>& parent_no);

  /// Nothing where the execution, which waits, gets its slot; else kBusy, and its start is parked until `look_again`.
  [[nodiscard]] std::optional<Outcome> refuse(const Membership& member, const std::optional<Instant>& look_again);

  void joined(const Membership& member);
  /// To be called after the row was changed. Whoever is next in line is woken where there is room.
  void changed(const Membership& before, const Membership& after);

  /// What the execution has called and what goes on without it counts itself from now on.
  void leave_to_children(const TenantId& tenant, std::int64_t ended_no);

  /// After a roll-back nothing that was counted holds.
  void forget() { waiting_.clear(); }

 private:
  /// At most `most`.
  [[nodiscard]] std::int64_t holders(const std::string& key, std::int64_t most);
  /// Who waits and was accepted before `no`; at most `most`.
  [[nodiscard]] std::int64_t in_front(const std::string& key, std::int64_t no, std::int64_t most);
  [[nodiscard]] std::int64_t all_in_front(const std::string& key, std::int64_t no);
  [[nodiscard]] ExecutionId oldest_holder(const std::string& key);
  void wake_next(const Membership& member);
  [[nodiscard]] bool shares_slot(const std::string& key, std::optional<std::int64_t> parent_no);
  /// Of a child that has no slot of its own: the group that it is in, if any.
  [[nodiscard]] std::optional<std::string> group_of(const TenantId& tenant, const Rows& child);

  Connection& connection_;
  Payloads& payloads_;
  OutboxTable& outbox_;
  /// How many wait in a group, once somebody asked: to count a queue of a million for each that joins it would take
  /// longer and longer. Groups without a queue are forgotten.
  std::unordered_map<std::string, std::int64_t> waiting_;
};

}  // namespace ipaas::store::sqlite
