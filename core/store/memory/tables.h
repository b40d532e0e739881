// What the store in memory keeps.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "core/store/store.h"

namespace ipaas::store::memory {

struct WorkflowRow {
  domain::Workflow workflow;
  std::vector<domain::WorkflowVersion> versions;  ///< by number, from 1
  bool deleted = false;
  std::vector<domain::Schedule> schedules;
};

struct ExecutionRow {
  domain::Execution execution;
  domain::Event event;
  std::string payload;
  KeyedList<domain::Step> steps;
  std::vector<domain::Attempt> attempts;
};

struct EffectRow {
  domain::Effect effect;
  std::optional<domain::BootId> lease;
  bool orphaned = false;
};

struct DedupeRow {
  ExecutionId execution;
  Instant expires_at{};
};

/// Every member is guarded by `mutex`.
struct Tables {
  std::mutex mutex;
  std::map<std::string, domain::Tenant, std::less<>> tenants;  ///< by name
  std::map<WorkflowId, WorkflowRow> workflows;
  std::map<EventId, domain::Event> events;  ///< those that started nothing
  std::map<ExecutionId, ExecutionRow> executions;
  std::map<std::pair<ExecutionId, EffectId>, EffectRow> outbox;
  std::set<std::tuple<Instant, EffectId, ExecutionId>> due;  ///< the unleased ones of outbox
  std::vector<domain::LogLine> logs;                         ///< a line's sequence is its place, from 1
  std::map<std::pair<WorkflowId, std::string>, DedupeRow> dedupe;
  std::map<CredentialId, domain::Credential> credentials;
  std::vector<domain::AuditRecord> audit;

  [[nodiscard]] WorkflowRow* living(const TenantId& tenant, std::string_view name);
  [[nodiscard]] WorkflowRow* living(const TenantId& tenant, const WorkflowId& id);
  [[nodiscard]] ExecutionRow* execution(const TenantId& tenant, const ExecutionId& id);
  [[nodiscard]] domain::Credential* living_credential(const TenantId& tenant, std::string_view name);
  void note(const TenantId& tenant, const std::optional<domain::AuditRecord>& record);
  /// The schedule if it still stands at `due_at`.
  [[nodiscard]] domain::Schedule* standing(const TenantId& tenant, const ScheduleId& id, Instant due_at);
};

/// Applies one write, or refuses it without a trace. The caller holds the lock.
[[nodiscard]] Result<Outcome> apply(Tables& tables, const Write& write);
[[nodiscard]] std::size_t release_orphans(Tables& tables, domain::BootId boot);

[[nodiscard]] std::unique_ptr<Reader> make_reader(std::shared_ptr<Tables> tables);

}  // namespace ipaas::store::memory
