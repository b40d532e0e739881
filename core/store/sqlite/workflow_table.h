// Workflows, their versions and triggers, as the writer changes them.
#pragma once

#include "core/store/sqlite/audit_trail.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"
#include "core/store/sqlite/schedule_table.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class WorkflowTable {
 public:
  WorkflowTable(Connection& connection, Payloads& payloads, ScheduleTable& schedules, AuditTrail& audit)
      : connection_(connection), payloads_(payloads), schedules_(schedules), audit_(audit) {}

  /// The row of a workflow that is not deleted. Remembered, because every webhook asks for it.
  [[nodiscard]] std::optional<std::int64_t> living(const TenantId& tenant, const WorkflowId& id);
  /// After a roll-back nothing that was remembered counts.
  void forget() { known_.clear(); }

  Result<Outcome> save(const SaveWorkflows& write);
  Result<Outcome> set_enabled(const SetWorkflowEnabled& write);
  Result<Outcome> remove(const DeleteWorkflow& write);

 private:
  struct Known {
    TenantId tenant;
    std::int64_t no = 0;
  };
  struct Newest {
    std::int64_t no = 0;
    WorkflowId id;
    int version = 0;
    std::string digest;
    bool enabled = true;
    std::string set;
  };

  [[nodiscard]] std::optional<Newest> find(const TenantId& tenant, std::string_view name);
  /// What is to be pruned, all of it in the set of the write; or why not.
  [[nodiscard]] Result<std::vector<Newest>> pruned_by(const SaveWorkflows& write);
  /// The set that the workflow leaves, where it goes to another one.
  std::optional<std::string> move_to_set(const Newest& workflow, const std::string& set);
  void bury(const Newest& workflow);
  SavedWorkflow save_item(const SaveWorkflows& write, const SaveWorkflows::Item& item);
  std::int64_t insert(const SaveWorkflows& write, const SaveWorkflows::Item& item);
  void add_version(const SaveWorkflows& write, const SaveWorkflows::Item& item, std::int64_t no, const WorkflowId& id,
                   int number);
  void replace_triggers(const TenantId& tenant, const SaveWorkflows::Item& item, std::int64_t no);
  void replace_listener(const TenantId& tenant, const SaveWorkflows::Item& item, std::int64_t no);

  Connection& connection_;
  Payloads& payloads_;
  ScheduleTable& schedules_;
  AuditTrail& audit_;
  std::unordered_map<WorkflowId, Known> known_;
};

}  // namespace ipaas::store::sqlite
