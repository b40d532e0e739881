#include "core/service/executions.h"

#include <set>

#include "core/language/workflow_parser.h"
#include "core/service/concealment.h"
#include "core/service/own_masking.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

Result<Arrival> manual_arrival(const Context& context, const std::string& name, const Json& inputs) {
  if (auto allowed = require(context.caller, security::Permission::kWorkflowRun); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const auto workflow = context.reader.workflow(context.caller.tenant, name);
  if (!workflow) return tl::unexpected(workflow.error());
  if (!workflow->enabled) {
    return fail(ErrorKind::kConflict, "the workflow '" + name + "' is disabled",
                "enable it with `ipaas workflow enable " + name + "`");
  }
  auto definition =
      definition_of(context.reader, context.catalog, context.caller.tenant, workflow->id, workflow->version);
  if (!definition) return tl::unexpected(definition.error());
  if (!(*definition)->manual) {
    return fail(ErrorKind::kConflict, "the workflow '" + name + "' has no manual trigger",
                "add `manual: {}` under `on:` and apply it again");
  }
  auto bound = language::bind_inputs((*definition)->inputs, inputs);
  if (!bound) return tl::unexpected(bound.error());
  Arrival arrival;
  arrival.tenant = context.caller.tenant;
  arrival.workflow = workflow->id;
  arrival.workflow_name = workflow->name;
  arrival.version = workflow->version;
  arrival.definition = *std::move(definition);
  arrival.trigger = domain::TriggerKind::kManual;
  arrival.payload = JsonDocument(Json::object());
  arrival.inputs = *std::move(bound);
  arrival.starter = context.caller.actor;
  arrival.audit = audit(context, "workflow.run", name);
  return arrival;
}

tl::unexpected<Error> already_ended(domain::ExecutionStatus status) {
  return fail(ErrorKind::kConflict, "the execution has already ended: " + std::string(domain::status_name(status)));
}

Result<security::Masker> own_masker(const Context& context, const std::vector<ExecutionId>& executions) {
  return masker_for(context.reader, context.masker, context.caller.tenant, executions);
}

/// What is sensitive says the version that it runs. A text that no longer parses cannot say it any more: then nothing of it
/// is shown.
Result<void> conceal_sensitive(const Context& context, domain::ExecutionSnapshot& snapshot) {
  const domain::Execution& execution = snapshot.execution;
  const auto version = context.reader.workflow_version(context.caller.tenant, execution.workflow, execution.version);
  if (!version) return tl::unexpected(version.error());
  if (!may_conceal(*version)) return {};
  const auto parsed = language::parse_workflows(version->source, "", context.catalog);
  if (!parsed) return tl::unexpected(parsed.error().front());
  conceal(*parsed->front(), snapshot);
  return {};
}

}  // namespace

void run_workflow(const Context& context, const std::string& name, const Json& inputs,
                  std::function<void(Result<Started>)> done) {
  auto arrival = manual_arrival(context, name, inputs);
  if (!arrival) {
    done(tl::unexpected(arrival.error()));
    return;
  }
  start(context, *std::move(arrival), std::move(done));
}

void start(const Context& context, Arrival arrival, std::function<void(Result<Started>)> done) {
  Started started{.execution = {}, .event = {}, .workflow = arrival.workflow_name, .version = arrival.version};
  context.runtime.accept(std::move(arrival), [started = std::move(started), done = std::move(done)](
                                                  const Result<Acceptance>& accepted) mutable {
    done(accepted.map([&](const Acceptance& acceptance) {
      started.execution = acceptance.execution;
      started.event = acceptance.event;
      started.status = acceptance.status;
      return std::move(started);
    }));
  });
}

Result<std::vector<domain::Execution>> list_executions(const Context& context, const store::ExecutionFilter& filter) {
  auto executions = require(context.caller, security::Permission::kExecutionRead).and_then([&] {
    return context.reader.executions(context.caller.tenant, filter);
  });
  if (!executions) return executions;
  std::vector<ExecutionId> speaking;
  for (const domain::Execution& execution : *executions) {
    if (execution.error) speaking.push_back(execution.id);
  }
  const auto masker = own_masker(context, speaking);
  if (!masker) return tl::unexpected(masker.error());
  for (domain::Execution& execution : *executions) {
    if (execution.error) execution.error->message = masker->mask(execution.error->message);
  }
  return executions;
}

Result<domain::ExecutionSnapshot> get_execution(const Context& context, const ExecutionId& id) {
  auto snapshot = read_execution(context, id);
  if (!snapshot) return snapshot;
  const auto own = context.reader.masked_by(context.caller.tenant, {id});
  if (!own) return tl::unexpected(own.error());
  if (own->empty()) return snapshot;  // whoever shows it masks what the tenant's masker knows
  mask(masker_with(context.masker, *own), *snapshot);
  return snapshot;
}

Result<domain::ExecutionSnapshot> read_execution(const Context& context, const ExecutionId& id) {
  auto snapshot = require(context.caller, security::Permission::kExecutionRead).and_then([&] {
    return context.reader.execution(context.caller.tenant, id);
  });
  if (!snapshot) return snapshot;
  const auto concealed = conceal_sensitive(context, *snapshot);
  return concealed ? std::move(snapshot) : tl::unexpected(concealed.error());
}

Result<std::vector<domain::Attempt>> list_attempts(const Context& context, const ExecutionId& id) {
  auto attempts = require(context.caller, security::Permission::kExecutionRead).and_then([&] {
    return context.reader.attempts(context.caller.tenant, id);
  });
  if (!attempts) return attempts;
  const auto masker = own_masker(context, {id});
  if (!masker) return tl::unexpected(masker.error());
  for (domain::Attempt& attempt : *attempts) attempt.message = masker->mask(attempt.message);
  return attempts;
}

void cancel_execution(const Context& context, const ExecutionId& id,
                      std::function<void(Result<domain::ExecutionStatus>)> done) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionControl); !allowed) {
    done(tl::unexpected(allowed.error()));
    return;
  }
  const auto before = context.reader.execution(context.caller.tenant, id);
  if (!before) {
    done(tl::unexpected(before.error()));
    return;
  }
  if (domain::has_ended(before->execution)) {
    done(already_ended(before->execution.status));
    return;
  }
  // A second time it is for the `finally` that still runs, which may wait for something that never comes.
  const bool again = before->execution.status == domain::ExecutionStatus::kCancelled;
  context.runtime.cancel(context.caller.tenant, id, {context.caller.actor, again},
                         [done = std::move(done)](const Result<domain::ExecutionStatus>& status) {
                           // It may have ended between the look and the decision.
                           const bool late = status && *status != domain::ExecutionStatus::kCancelled;
                           done(late ? Result<domain::ExecutionStatus>(already_ended(*status)) : status);
                         });
}

Result<std::vector<domain::LogLine>> list_logs(const Context& context, const store::LogFilter& filter) {
  auto lines = require(context.caller, security::Permission::kLogRead).and_then([&] {
    return context.reader.logs(context.caller.tenant, filter);
  });
  if (!lines) return lines;
  std::set<ExecutionId> speaking;
  for (const domain::LogLine& line : *lines) speaking.insert(line.execution);
  const auto masker = own_masker(context, {speaking.begin(), speaking.end()});
  if (!masker) return tl::unexpected(masker.error());
  // Masked on write already; a credential may have been registered since, and a value been forgotten before.
  for (domain::LogLine& line : *lines) line.text = masker->mask(line.text);
  return lines;
}

}  // namespace ipaas::service
