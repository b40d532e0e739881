#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

WorkflowRow* Tables::living(const TenantId& tenant, std::string_view name) {
  for (auto& [id, row] : workflows) {
    if (!row.deleted && row.workflow.tenant == tenant && row.workflow.name == name) return &row;
  }
  return nullptr;
}

WorkflowRow* Tables::living(const TenantId& tenant, const WorkflowId& id) {
  const auto found = workflows.find(id);
  if (found == workflows.end() || found->second.deleted || found->second.workflow.tenant != tenant) return nullptr;
  return &found->second;
}

ExecutionRow* Tables::execution(const TenantId& tenant, const ExecutionId& id) {
  const auto found = executions.find(id);
  return found == executions.end() || found->second.execution.tenant != tenant ? nullptr : &found->second;
}

domain::Credential* Tables::living_credential(const TenantId& tenant, std::string_view name) {
  for (auto& [id, credential] : credentials) {
    if (credential.tenant == tenant && credential.name == name && !credential.deleted_at) return &credential;
  }
  return nullptr;
}

bool is_dead_letter(const domain::Execution& execution) {
  return execution.status == domain::ExecutionStatus::kFailed && domain::has_ended(execution) &&
         execution.care == domain::Execution::Care::kNone;
}

Waiting::value_type place_of(const EffectRow& row) {
  return {row.effect.tenant, row.rank, row.effect.due_at, row.effect.id, row.effect.execution};
}

void Tables::wait(const EffectRow& row) {
  if (waiting.insert(place_of(row)).second) due.insert(row.effect.due_at);
}

void Tables::stop_waiting(const EffectRow& row) {
  if (waiting.erase(place_of(row)) > 0) due.erase(due.find(row.effect.due_at));
}

void Tables::note(const TenantId& tenant, const std::optional<domain::AuditRecord>& record) {
  if (!record) return;
  audit.push_back(*record);
  audit.back().tenant = tenant;
}

}  // namespace ipaas::store::memory
