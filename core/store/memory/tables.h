// What the store in memory keeps.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "core/store/store.h"
#include "core/store/turns.h"

namespace ipaas::store::memory {

struct WorkflowRow {
  domain::Workflow workflow;
  std::vector<domain::WorkflowVersion> versions;  ///< by number, from 1
  bool deleted = false;
  std::vector<domain::Schedule> schedules;
  std::optional<domain::EndListener> listener;
};

struct ExecutionRow {
  std::int64_t no = 0;  ///< in the order of acceptance
  domain::Execution execution;
  domain::Event event;
  std::string payload;
  KeyedList<domain::Step> steps = {};
  std::vector<domain::Attempt> attempts = {};
  std::vector<std::string> masked = {};  ///< each once, in the order they came
  int crashes = 0;
  bool bare = false;  ///< its payloads have been forgotten
  std::optional<std::string> dedupe_key = {};
  std::optional<std::string> slot = {};  ///< the group in which it counts itself
};

struct EffectRow {
  domain::Effect effect;
  std::optional<domain::BootId> lease;
  bool orphaned = false;
  int rank = 0;
};

/// An event that started nothing.
struct KeptEvent {
  domain::Event event;
  std::string payload;
};

/// The unleased effects in the order in which a tenant's are to be leased.
using Waiting = std::set<std::tuple<TenantId, int, Instant, EffectId, ExecutionId>>;
[[nodiscard]] Waiting::value_type place_of(const EffectRow& row);

/// Of a concurrency group: who has a slot, and who waits for one, in the order of acceptance.
struct Group {
  std::map<std::int64_t, ExecutionId> holding;
  std::map<std::int64_t, ExecutionId> waiting;
};
using GroupKey = std::pair<TenantId, std::string>;

struct DedupeRow {
  ExecutionId execution;
  Instant expires_at{};
  bool failed = false;  ///< as which the execution was purged
};

/// Failed, and nobody has looked after it.
[[nodiscard]] bool is_dead_letter(const domain::Execution& execution);

/// Every member is guarded by `mutex`.
struct Tables {
  std::mutex mutex;
  std::map<std::string, domain::Tenant, std::less<>> tenants;  ///< by name
  std::map<WorkflowId, WorkflowRow> workflows;
  std::map<EventId, KeptEvent> events;
  std::vector<domain::Delivery> noted;  ///< of which nothing was kept, in the order they came
  std::map<ExecutionId, ExecutionRow> executions;
  std::int64_t last_execution = 0;                                 ///< the newest number
  std::set<std::tuple<Instant, std::int64_t, ExecutionId>> ended;  ///< the oldest first
  std::map<GroupKey, Group> groups;
  std::map<std::pair<ExecutionId, EffectId>, ExecutionId> children;  ///< by who started them: parent and its effect
  std::map<std::pair<ExecutionId, EffectId>, EffectRow> outbox;
  Waiting waiting;
  std::multiset<Instant> due;  ///< of `waiting`
  Turns turns;
  std::vector<domain::LogLine> logs;
  domain::LogSequence last_line = 0;
  std::map<std::pair<WorkflowId, std::string>, DedupeRow> dedupe;
  /// What the end of an execution has started: by that execution and the workflow that listened.
  std::map<std::pair<ExecutionId, WorkflowId>, ExecutionId> end_starts;
  /// When schedules have fired, from … up to …; see domain::FiredSpan. They neither overlap nor touch.
  std::map<ScheduleId, std::map<Instant, Instant>> spans;
  std::map<CredentialId, domain::Credential> credentials;
  std::map<std::pair<TenantId, std::string>, domain::Variable> variables;  ///< by name in lower case
  std::vector<domain::AuditRecord> audit;

  [[nodiscard]] WorkflowRow* living(const TenantId& tenant, std::string_view name);
  [[nodiscard]] WorkflowRow* living(const TenantId& tenant, const WorkflowId& id);
  [[nodiscard]] ExecutionRow* execution(const TenantId& tenant, const ExecutionId& id);
  [[nodiscard]] domain::Credential* living_credential(const TenantId& tenant, std::string_view name);
  /// Who waits for a lease, and who no more.
  void wait(const EffectRow& row);
  void stop_waiting(const EffectRow& row);
  void note(const TenantId& tenant, const std::optional<domain::AuditRecord>& record);
};

/// Applies one write, or refuses it without a trace. The caller holds the lock.
[[nodiscard]] Result<Outcome> apply(Tables& tables, const Write& write);
[[nodiscard]] std::size_t release_orphans(Tables& tables, domain::BootId boot);

[[nodiscard]] std::unique_ptr<Reader> make_reader(std::shared_ptr<Tables> tables);

}  // namespace ipaas::store::memory
