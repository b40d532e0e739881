#include "core/service/workflows.h"

#include "core/language/workflow_parser.h"
#include "core/service/next_instant.h"

namespace ipaas::service {

Result<std::vector<domain::Workflow>> list_workflows(const Context& context) {
  return require(context.caller, security::Permission::kWorkflowRead).and_then([&] {
    return context.reader.workflows(context.caller.tenant);
  });
}

Result<WorkflowDetails> get_workflow(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowRead); !allowed) {
    return tl::unexpected(allowed.error());
  }
  auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  auto version = context.reader.workflow_version(context.caller.tenant, workflow->id, workflow->version);
  if (!version) return tl::unexpected(version.error());
  auto schedules = context.reader.schedules(context.caller.tenant, workflow->id);
  if (!schedules) return tl::unexpected(schedules.error());
  return WorkflowDetails{*std::move(workflow), *std::move(version), *std::move(schedules)};
}

Result<void> set_workflow_enabled(const Context& context, const std::string& name, bool enabled) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed) return allowed;
  const auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  auto schedules = context.reader.schedules(context.caller.tenant, workflow->id);
  if (!schedules) return tl::unexpected(schedules.error());
  const Instant now = context.clock.now();
  for (domain::Schedule& schedule : *schedules) {
    schedule.next_due = next_instant(schedule.cron, schedule.timezone, now);
  }
  auto outcome = store::write_and_wait(
      context.writer, store::SetWorkflowEnabled{context.caller.tenant, name, enabled, *std::move(schedules), now,
                                                audit(context, enabled ? "workflow.enable" : "workflow.disable", name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.workflows_changed();
  return {};
}

Result<void> delete_workflow(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed) return allowed;
  auto outcome = store::write_and_wait(
      context.writer, store::DeleteWorkflow{context.caller.tenant, name, audit(context, "workflow.delete", name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.workflows_changed();
  return {};
}

Result<language::WorkflowPtr> definition_of(store::TenantReader& reader, const language::ActionCatalog& catalog,
                                            const TenantId& tenant, const WorkflowId& workflow, int version) {
  const auto stored = reader.workflow_version(tenant, workflow, version);
  if (!stored) return tl::unexpected(stored.error());
  auto parsed = language::parse_workflows(stored->source, "version " + std::to_string(version), catalog);
  if (!parsed) return tl::unexpected(parsed.error().front());
  return std::move(parsed->front());
}

}  // namespace ipaas::service
