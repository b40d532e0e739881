#include "core/service/workflows.h"

#include <algorithm>

#include "core/language/call_graph.h"
#include "core/language/workflow_parser.h"
#include "core/service/schedules.h"

namespace ipaas::service {
namespace {

/// The living workflows that call the one of that name. Only a text that holds the name is parsed.
Result<std::vector<std::string>> callers_of(const Context& context, const std::string& name) {
  const auto workflows = context.reader.workflows(context.caller.tenant);
  if (!workflows) return tl::unexpected(workflows.error());
  std::vector<std::string> callers;
  for (const domain::Workflow& workflow : *workflows) {
    if (workflow.name == name) continue;
    const auto version = context.reader.workflow_version(context.caller.tenant, workflow.id, workflow.version);
    if (!version) return tl::unexpected(version.error());
    if (version->source.find(name) == std::string::npos) continue;
    const auto parsed = language::parse_workflows(version->source, workflow.name, context.catalog);
    if (!parsed) continue;
    const auto called = language::called_by(*parsed->front());
    if (std::find(called.begin(), called.end(), name) != called.end()) callers.push_back(workflow.name);
  }
  return callers;
}

Error still_called(const std::string& name, const std::vector<std::string>& callers) {
  std::string list;
  for (const std::string& caller : callers) list += (list.empty() ? "" : ", ") + caller;
  return {ErrorKind::kConflict, "the workflow \"" + name + "\" is called by " + list,
          "change or delete " + std::string(callers.size() == 1 ? "it" : "them") + " first", "still_called"};
}

}  // namespace

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

Result<std::vector<domain::WorkflowVersion>> list_versions(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowRead); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  return context.reader.workflow_versions(context.caller.tenant, workflow->id);
}

Result<domain::WorkflowVersion> get_version(const Context& context, const std::string& name, int number) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowRead); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  if (number < 1 || number > workflow->version) {
    return fail(ErrorKind::kNotFound, "the workflow \"" + name + "\" has no version " + std::to_string(number),
                "list them with: ipaas workflow history " + name);
  }
  return context.reader.workflow_version(context.caller.tenant, workflow->id, number);
}

ResultOrErrors<store::SavedWorkflow> roll_back_workflow(const Context& context, const std::string& name, int to,
                                                        const std::string& message) {
  const auto refuse = [](Error error) { return tl::unexpected(std::vector<Error>{std::move(error)}); };
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed)
    return refuse(allowed.error());
  const auto old = get_version(context, name, to);
  if (!old) return refuse(old.error());
  ApplyRequest request;
  request.documents.push_back({name + " version " + std::to_string(to), old->source});
  request.message = message.empty() ? "back to version " + std::to_string(to) : message;
  request.rolls_back_to = to;
  auto saved = apply_workflows(context, request);
  if (!saved) return tl::unexpected(saved.error());
  return std::move(saved->front());
}

Result<void> set_workflow_enabled(const Context& context, const std::string& name, bool enabled) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed) return allowed;
  const auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  auto schedules = context.reader.schedules(context.caller.tenant, workflow->id);
  if (!schedules) return tl::unexpected(schedules.error());
  const Instant now = context.clock.now();
  const auto definition =
      definition_of(context.reader, context.catalog, context.caller.tenant, workflow->id, workflow->version);
  stand_after(*schedules, definition ? definition->get() : nullptr, now);
  auto outcome = store::write_and_wait(
      context.writer, store::SetWorkflowEnabled{context.caller.tenant, name, enabled, *std::move(schedules), now,
                                                audit(context, enabled ? "workflow.enable" : "workflow.disable", name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.workflows_changed();
  return {};
}

Result<void> delete_workflow(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed) return allowed;
  const auto callers = callers_of(context, name);
  if (!callers) return tl::unexpected(callers.error());
  if (!callers->empty()) return tl::unexpected(still_called(name, *callers));
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
