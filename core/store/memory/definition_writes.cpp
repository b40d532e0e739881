#include "core/store/memory/definition_writes.h"

#include <algorithm>
#include <utility>

#include "core/store/memory/schedule_writes.h"
#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

/// The set that the workflow leaves, where it goes to another one.
std::optional<std::string> move_to_set(domain::Workflow& workflow, const std::string& set) {
  if (set.empty() || workflow.set == set) return std::nullopt;
  return std::exchange(workflow.set, set);
}

SavedWorkflow save_item(Tables& tables, const SaveWorkflows& write, const SaveWorkflows::Item& item) {
  using enum SavedWorkflow::Action;
  WorkflowRow* row = tables.living(write.tenant, item.name);
  if (row != nullptr && row->versions.back().digest == item.digest) {
    return {row->workflow.id, item.name, row->workflow.version, kUnchanged, move_to_set(row->workflow, write.set)};
  }
  const bool created = row == nullptr;
  if (created) {
    row = &tables.workflows[item.id];
    row->workflow = {.id = item.id,
                     .tenant = write.tenant,
                     .name = item.name,
                     .description = item.description,
                     .enabled = true,
                     .version = 0,
                     .created_at = write.now,
                     .updated_at = write.now};
  }
  domain::Workflow& workflow = row->workflow;
  ++workflow.version;
  workflow.description = item.description;
  workflow.updated_at = write.now;
  row->versions.push_back({.workflow = workflow.id,
                           .number = workflow.version,
                           .source = item.source,
                           .digest = item.digest,
                           .author = write.author,
                           .message = write.message,
                           .created_at = write.now});
  workflow.triggers = item.triggers;
  row->listener = item.listener;
  replace_schedules(tables, *row, item.schedules);
  auto left = move_to_set(workflow, write.set);
  if (created) left.reset();
  return {workflow.id, item.name, workflow.version, created ? kCreated : kUpdated, std::move(left)};
}

void bury(Tables& tables, WorkflowRow& row) {
  row.deleted = true;
  row.workflow.triggers.clear();
  row.listener.reset();
  drop_schedules(tables, row);
  std::erase_if(tables.dedupe, [&](const auto& entry) { return entry.first.first == row.workflow.id; });
}

bool takes_an_id(Tables& tables, const SaveWorkflows& write) {
  std::set<WorkflowId> fresh;
  return std::any_of(write.items.begin(), write.items.end(), [&](const SaveWorkflows::Item& item) {
    if (tables.living(write.tenant, item.name) != nullptr) return false;
    return tables.workflows.contains(item.id) || !fresh.insert(item.id).second;
  });
}

}  // namespace

Result<Outcome> save(Tables& tables, const SaveWorkflows& write) {
  if (auto distinct = check_names(write); !distinct) return tl::unexpected<Error>(std::move(distinct.error()));
  if (takes_an_id(tables, write)) return id_taken();
  std::vector<WorkflowRow*> pruned;
  for (const std::string& name : write.prune) {
    WorkflowRow* row = tables.living(write.tenant, name);
    if (row == nullptr || write.set.empty() || row->workflow.set != write.set) return not_in_set(name, write.set);
    pruned.push_back(row);
  }
  Outcome outcome;
  for (const SaveWorkflows::Item& item : write.items) outcome.workflows.push_back(save_item(tables, write, item));
  for (WorkflowRow* row : pruned) {
    const domain::Workflow& workflow = row->workflow;
    outcome.workflows.push_back({workflow.id, workflow.name, workflow.version, SavedWorkflow::Action::kPruned});
    bury(tables, *row);
  }
  if (changes_anything(outcome.workflows)) tables.note(write.tenant, write.audit);
  return outcome;
}

Result<Outcome> set_enabled(Tables& tables, const SetWorkflowEnabled& write) {
  WorkflowRow* row = tables.living(write.tenant, write.name);
  if (row == nullptr) return no_workflow(write.name);
  if (row->workflow.enabled != write.enabled) {
    row->workflow.enabled = write.enabled;
    row->workflow.updated_at = write.now;
    for (domain::Schedule& schedule : row->schedules) {
      const auto next = std::find_if(write.schedules.begin(), write.schedules.end(),
                                     [&](const domain::Schedule& other) { return other.id == schedule.id; });
      if (write.enabled && next != write.schedules.end()) stand_at(tables, schedule, *next);
    }
  }
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> remove(Tables& tables, const DeleteWorkflow& write) {
  WorkflowRow* row = tables.living(write.tenant, write.name);
  if (row == nullptr) return no_workflow(write.name);
  bury(tables, *row);
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> create(Tables& tables, const CreateCredential& write) {
  if (tables.living_credential(write.tenant, write.credential.name) != nullptr) {
    return credential_exists(write.credential.name);
  }
  if (tables.credentials.contains(write.credential.id)) return id_taken();
  tables.credentials.emplace(write.credential.id, write.credential).first->second.tenant = write.tenant;
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> remove(Tables& tables, const DeleteCredential& write) {
  domain::Credential* credential = tables.living_credential(write.tenant, write.name);
  if (credential == nullptr) return no_credential(write.name);
  credential->deleted_at = write.now;
  credential->updated_at = write.now;
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

}  // namespace ipaas::store::memory
