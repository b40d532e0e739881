#include "core/store/sqlite/workflow_table.h"

#include <algorithm>
#include <utility>

#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

std::optional<std::int64_t> WorkflowTable::living(const TenantId& tenant, const WorkflowId& id) {
  if (const auto known = known_.find(id); known != known_.end()) {
    if (known->second.tenant == tenant) return known->second.no;
    return std::nullopt;
  }
  Rows rows =
      connection_.prepared("SELECT no FROM workflows WHERE id = ? AND tenant_id = ? AND deleted = 0").query(id, tenant);
  if (!rows.next()) return std::nullopt;
  known_.insert_or_assign(id, Known{tenant, rows.integer(0)});
  return rows.integer(0);
}

std::optional<WorkflowTable::Newest> WorkflowTable::find(const TenantId& tenant, std::string_view name) {
  Rows rows = connection_
                  .prepared(
                      "SELECT w.no, w.id, w.version, v.digest, w.enabled, w.set_name FROM workflows w"
                      " JOIN workflow_versions v ON v.workflow_no = w.no AND v.number = w.version"
                      " WHERE w.tenant_id = ? AND w.name = ? AND w.deleted = 0")
                  .query(tenant, name);
  if (!rows.next()) return std::nullopt;
  return Newest{rows.integer(0), rows.id<WorkflowId>(1), rows.small(2), rows.text(3), rows.flag(4),
                rows.text(5)};
}

Result<Outcome> WorkflowTable::save(const SaveWorkflows& write) {
  if (auto distinct = check_names(write); !distinct) return tl::unexpected<Error>(std::move(distinct.error()));
  const auto pruned = pruned_by(write);
  if (!pruned) return tl::unexpected(pruned.error());
  Outcome outcome;
  for (const SaveWorkflows::Item& item : write.items) outcome.workflows.push_back(save_item(write, item));
  for (std::size_t i = 0; i < pruned->size(); ++i) {
    const Newest& workflow = pruned->at(i);
    outcome.workflows.push_back({workflow.id, write.prune[i], workflow.version, SavedWorkflow::Action::kPruned});
    bury(workflow);
  }
  if (changes_anything(outcome.workflows)) audit_.add(write.tenant, write.audit);
  return outcome;
}

Result<std::vector<WorkflowTable::Newest>> WorkflowTable::pruned_by(const SaveWorkflows& write) {
  std::vector<Newest> pruned;
  for (const std::string& name : write.prune) {
    auto workflow = find(write.tenant, name);
    if (!workflow || write.set.empty() || workflow->set != write.set) return not_in_set(name, write.set);
    pruned.push_back(*std::move(workflow));
  }
  return pruned;
}

std::optional<std::string> WorkflowTable::move_to_set(const Newest& workflow, const std::string& set) {
  if (set.empty() || workflow.set == set) return std::nullopt;
  connection_.prepared("UPDATE workflows SET set_name = ? WHERE no = ?").execute(set, workflow.no);
  return workflow.set;
}

SavedWorkflow WorkflowTable::save_item(const SaveWorkflows& write, const SaveWorkflows::Item& item) {
  using enum SavedWorkflow::Action;
  const auto newest = find(write.tenant, item.name);
  std::optional<std::string> left = newest ? move_to_set(*newest, write.set) : std::nullopt;
  if (newest && newest->digest == item.digest) {
    return {newest->id, item.name, newest->version, kUnchanged, std::move(left)};
  }
  const int version = newest ? newest->version + 1 : 1;
  const WorkflowId& id = newest ? newest->id : item.id;
  const std::int64_t no = newest ? newest->no : insert(write, item);
  if (newest) {
    connection_.prepared("UPDATE workflows SET description = ?, version = ?, updated_at = ? WHERE no = ?")
        .execute(item.description, version, write.now, no);
  }
  add_version(write, item, no, id, version);
  replace_triggers(write.tenant, item, no);
  replace_listener(write.tenant, item, no);
  schedules_.replace(write.tenant, no, item.schedules);
  return {id, item.name, version, newest ? kUpdated : kCreated, std::move(left)};
}

std::int64_t WorkflowTable::insert(const SaveWorkflows& write, const SaveWorkflows::Item& item) {
  connection_
      .prepared(
          "INSERT INTO workflows (tenant_id, id, name, description, enabled, version, created_at, updated_at, deleted,"
          " set_name) VALUES (?, ?, ?, ?, 1, 1, ?, ?, 0, ?)")
      .execute(write.tenant, item.id, item.name, item.description, write.now, write.now, write.set);
  return connection_.last_row();
}

void WorkflowTable::add_version(const SaveWorkflows& write, const SaveWorkflows::Item& item, std::int64_t no,
                                const WorkflowId& id, int number) {
  connection_
      .prepared(
          "INSERT INTO workflow_versions (workflow_no, number, tenant_id, source, digest, author, message, created_at)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(no, number, write.tenant,
               payloads_.seal({write.tenant, kVersionSource, joined(id.str(), number)}, item.source), item.digest,
               write.author, write.message, write.now);
}

void WorkflowTable::replace_triggers(const TenantId& tenant, const SaveWorkflows::Item& item, std::int64_t no) {
  connection_.prepared("DELETE FROM triggers WHERE workflow_no = ?").execute(no);
  for (const domain::TriggerKind kind : item.triggers) {
    connection_.prepared("INSERT INTO triggers (workflow_no, kind, tenant_id) VALUES (?, ?, ?)")
        .execute(no, kind, tenant);
  }
}

void WorkflowTable::replace_listener(const TenantId& tenant, const SaveWorkflows::Item& item, std::int64_t no) {
  connection_.prepared("DELETE FROM end_listeners WHERE workflow_no = ?").execute(no);
  if (!item.listener) return;
  std::string statuses;
  for (const std::string& status : item.listener->when) statuses += (statuses.empty() ? "" : ",") + status;
  for (const std::string& name : item.listener->names) {
    connection_
        .prepared(
            "INSERT INTO end_listeners (workflow_no, name, statuses, tenant_id) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (workflow_no, name) DO NOTHING")
        .execute(no, name, statuses, tenant);
  }
}

Result<Outcome> WorkflowTable::set_enabled(const SetWorkflowEnabled& write) {
  const auto workflow = find(write.tenant, write.name);
  if (!workflow) return no_workflow(write.name);
  if (workflow->enabled != write.enabled) {
    connection_.prepared("UPDATE workflows SET enabled = ?, updated_at = ? WHERE no = ?")
        .execute(write.enabled, write.now, workflow->no);
    for (const domain::Schedule& schedule : write.schedules) {
      if (write.enabled) schedules_.stand_at(schedule, workflow->no);
    }
  }
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> WorkflowTable::remove(const DeleteWorkflow& write) {
  const auto workflow = find(write.tenant, write.name);
  if (!workflow) return no_workflow(write.name);
  bury(*workflow);
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

void WorkflowTable::bury(const Newest& workflow) {
  known_.erase(workflow.id);
  connection_.prepared("UPDATE workflows SET deleted = 1 WHERE no = ?").execute(workflow.no);
  connection_.prepared("DELETE FROM triggers WHERE workflow_no = ?").execute(workflow.no);
  connection_.prepared("DELETE FROM end_listeners WHERE workflow_no = ?").execute(workflow.no);
  schedules_.drop_all(workflow.no);
  connection_.prepared("DELETE FROM dedupe_keys WHERE workflow_no = ?").execute(workflow.no);
}

}  // namespace ipaas::store::sqlite
