#include "core/service/retries.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "core/language/workflow_parser.h"
#include "core/service/kept_results.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

using domain::Execution;
using domain::ExecutionStatus;

Error conflict(std::string message, std::string hint) {
  return {ErrorKind::kConflict, std::move(message), std::move(hint)};
}

/// A call that its parent would make again when it is retried itself, or may still make now.
Result<void> left_to_parent(const Context& context, const Execution& execution) {
  if (!execution.parent) return {};
  const ExecutionId& id = execution.parent->execution;
  const auto parent = context.reader.execution(context.caller.tenant, id);
  if (!parent) return parent.error().kind == ErrorKind::kNotFound ? Result<void>() : tl::unexpected(parent.error());
  if (!domain::has_ended(parent->execution)) {
    return tl::unexpected(conflict("it was called by " + id.str() + ", which still runs",
                                   "what that one does about it: ipaas execution get " + id.str()));
  }
  const bool again = std::any_of(parent->steps.begin(), parent->steps.end(), [&](const domain::Step& step) {
    return step.child == execution.id && step.status != domain::StepStatus::kSucceeded && !step.softened;
  });
  if (!again || parent->execution.status == ExecutionStatus::kSucceeded) return {};
  return tl::unexpected(conflict("it was called by " + id.str() + ", which failed with it and calls it again",
                                 "retry that one: ipaas execution retry " + id.str() + " --from-failed"));
}

Result<void> retryable(const Context& context, const domain::ExecutionSnapshot& snapshot) {
  const Execution& execution = snapshot.execution;
  const std::string& id = execution.id.str();
  if (!domain::has_ended(execution)) {
    return tl::unexpected(conflict("the execution has not ended: " + std::string(status_name(execution.status)),
                                   "wait for it, or stop it with `ipaas execution cancel " + id + "`"));
  }
  if (execution.status == ExecutionStatus::kSucceeded) {
    const bool webhook = execution.trigger == domain::TriggerKind::kWebhook;
    return tl::unexpected(conflict("the execution has succeeded",
                                   "to do it once more: " + (webhook ? "ipaas webhook replay " + execution.event.str()
                                                                     : "ipaas run " + execution.workflow_name)));
  }
  if (execution.care == Execution::Care::kRetried) {
    const auto later = context.reader.retried_as(execution.tenant, execution.id);
    const bool known = later && !later->empty();
    return tl::unexpected(conflict("the execution has been retried already" + (known ? ", as " + later->str() : ""),
                                   known ? "look at that one: ipaas execution get " + later->str()
                                         : "look for the newer one: ipaas execution list -w " + execution.workflow_name));
  }
  if (execution.care == Execution::Care::kDiscarded) {
    return tl::unexpected(conflict("the execution was discarded", "start a new one"));
  }
  if (snapshot.payload.is_null()) {
    return tl::unexpected(conflict("what started the execution has been forgotten by retention", "start a new one"));
  }
  return left_to_parent(context, execution);
}

/// The living workflow of the execution; a deleted one whose name was taken again is another one.
Result<domain::Workflow> workflow_of(const Context& context, const Execution& execution) {
  auto workflow = context.reader.workflow(context.caller.tenant, execution.workflow_name);
  if (!workflow && workflow.error().kind != ErrorKind::kNotFound) return workflow;
  if (!workflow || workflow->id != execution.workflow) {
    return tl::unexpected(conflict("its workflow '" + execution.workflow_name + "' was deleted",
                                   "apply the workflow and start a new execution"));
  }
  if (!workflow->enabled) {
    return tl::unexpected(conflict("the workflow '" + execution.workflow_name + "' is disabled",
                                   "enable it with `ipaas workflow enable " + execution.workflow_name + "`"));
  }
  return workflow;
}

/// Under another version: those that are still declared, and its defaults.
Result<Json> rebound_inputs(const language::Workflow& definition, const Json& inputs) {
  Json known = Json::object();
  for (const language::Input& input : definition.inputs) {
    if (const auto value = inputs.find(input.name); value != inputs.end()) known[input.name] = *value;
  }
  return language::bind_inputs(definition.inputs, known);
}

/// What a retry needs of the instance as it is now.
Result<domain::Workflow> require_retryable(const Context& context, const domain::ExecutionSnapshot& snapshot) {
  return retryable(context, snapshot).and_then([&] { return workflow_of(context, snapshot.execution); });
}

Result<Arrival> retry_arrival(const Context& context, const ExecutionId& id, const RetryOptions& options) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionControl); !allowed) {
    return tl::unexpected(allowed.error());
  }
  auto snapshot = context.reader.execution(context.caller.tenant, id);
  if (!snapshot) return tl::unexpected(snapshot.error());
  const auto workflow = require_retryable(context, *snapshot);
  if (!workflow) return tl::unexpected(workflow.error());
  const Execution& failed = snapshot->execution;

  Arrival arrival;
  arrival.version = options.newest ? workflow->version : failed.version;
  auto definition =
      definition_of(context.reader, context.catalog, context.caller.tenant, workflow->id, arrival.version);
  if (!definition) return tl::unexpected(definition.error());
  auto inputs = arrival.version == failed.version ? Result<Json>(failed.inputs) : rebound_inputs(**definition, failed.inputs);
  if (!inputs) return tl::unexpected(inputs.error());
  KeptResults kept;
  if (options.from_failed) {
    kept = kept_results(**definition, *snapshot);
  } else {
    kept.idempotency_keys = unknown_keys(*snapshot);
  }
  arrival.tenant = context.caller.tenant;
  arrival.workflow = workflow->id;
  arrival.workflow_name = workflow->name;
  arrival.definition = *std::move(definition);
  arrival.trigger = failed.trigger;
  arrival.inputs = *std::move(inputs);
  arrival.depth = failed.depth;
  arrival.led_by = failed.led_by;
  arrival.starter = context.caller.actor;
  arrival.again = Arrival::Again{id, snapshot->event, std::move(kept.steps), std::move(kept.idempotency_keys)};
  arrival.payload = JsonDocument(std::move(snapshot->payload));
  arrival.audit = audit(context, "execution.retry", id.str(),
                        Json{{"from_failed", options.from_failed}, {"version", arrival.version}});
  return arrival;
}

Result<Retried> outcome_of(const Result<Acceptance>& accepted, Retried retried) {
  if (!accepted) return tl::unexpected(accepted.error());
  if (accepted->stale) {
    return tl::unexpected(conflict("somebody else has just seen to the execution", "look at it again"));
  }
  retried.execution = accepted->execution;
  retried.status = accepted->status;
  return retried;
}

/// Collects the answers of several arrivals; the last one answers.
struct Gathering {
  std::mutex mutex;  ///< guards what follows
  std::size_t missing = 0;
  std::vector<Result<Retried>> answers;  ///< by place
  std::vector<ExecutionId> ids;
  std::function<void(RetriedAll)> done;

  void take(std::size_t place, Result<Retried> answer) {
    {
      const std::lock_guard lock(mutex);
      answers[place] = std::move(answer);
      if (--missing > 0) return;
    }
    RetriedAll all;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (answers[i]) {
        all.retried.push_back(*std::move(answers[i]));
      } else {
        all.left_out.push_back({ids[i], std::move(answers[i].error())});
      }
    }
    done(std::move(all));
  }
};

Result<void> discardable(const Execution& execution) {
  if (!domain::has_ended(execution)) {
    return tl::unexpected(conflict("the execution has not ended: " + std::string(status_name(execution.status)),
                                   "stop it with `ipaas execution cancel " + execution.id.str() + "`"));
  }
  if (execution.status != ExecutionStatus::kFailed) {
    return tl::unexpected(conflict("the execution has not failed, so nobody waits for it: " +
                                       std::string(status_name(execution.status)), "leave it to retention"));
  }
  if (execution.care == Execution::Care::kNone) return {};
  const bool retried = execution.care == Execution::Care::kRetried;
  return tl::unexpected(conflict(retried ? "the execution has been retried already" : "the execution was discarded already",
                                 "see what is left: ipaas execution list --dead-letter"));
}

/// Between the look and the commit somebody else saw to some of them.
void leave_out_others(const Context& context, DiscardedAll& all) {
  std::erase_if(all.discarded, [&](const ExecutionId& id) {
    const auto now = context.reader.execution(context.caller.tenant, id);
    if (now && now->execution.care == Execution::Care::kDiscarded) return false;
    all.left_out.push_back({id, conflict("somebody else has just seen to the execution", "look at it again")});
    return true;
  });
}

std::vector<ExecutionId> each_once(const std::vector<ExecutionId>& ids) {
  std::set<ExecutionId> seen;
  std::vector<ExecutionId> unique;
  for (const ExecutionId& id : ids) {
    if (seen.insert(id).second) unique.push_back(id);
  }
  return unique;
}

}  // namespace

Result<void> may_retry(const Context& context, const domain::ExecutionSnapshot& snapshot) {
  const auto workflow = require_retryable(context, snapshot);
  return workflow ? Result<void>() : tl::unexpected(workflow.error());
}

void retry_execution(const Context& context, const ExecutionId& id, const RetryOptions& options,
                     std::function<void(Result<Retried>)> done) {
  auto arrival = retry_arrival(context, id, options);
  if (!arrival) return done(tl::unexpected(arrival.error()));
  Retried retried{.execution = {}, .retry_of = id, .workflow = arrival->workflow_name, .version = arrival->version};
  context.runtime.accept(*std::move(arrival),
                         [retried = std::move(retried), done = std::move(done)](const Result<Acceptance>& accepted) {
                           done(outcome_of(accepted, retried));
                         });
}

void retry_executions(const Context& context, const std::vector<ExecutionId>& ids, const RetryOptions& options,
                      std::function<void(RetriedAll)> done) {
  const auto gathering = std::make_shared<Gathering>();
  gathering->ids = each_once(ids);
  gathering->missing = gathering->ids.size();
  gathering->answers.assign(gathering->ids.size(), fail(ErrorKind::kInternal, "nobody answered"));
  gathering->done = std::move(done);
  if (gathering->ids.empty()) return gathering->done({});
  for (std::size_t i = 0; i < gathering->ids.size(); ++i) {
    retry_execution(context, gathering->ids[i], options,
                    [gathering, i](Result<Retried> answer) { gathering->take(i, std::move(answer)); });
  }
}

Result<void> discard_execution(const Context& context, const ExecutionId& id) {
  auto discarded = discard_executions(context, {id});
  if (!discarded) return tl::unexpected(discarded.error());
  if (!discarded->left_out.empty()) return tl::unexpected(discarded->left_out.front().reason);
  return {};
}

Result<DiscardedAll> discard_executions(const Context& context, const std::vector<ExecutionId>& ids) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionControl); !allowed) {
    return tl::unexpected(allowed.error());
  }
  DiscardedAll all;
  Json named = Json::array();
  for (const ExecutionId& id : each_once(ids)) {
    const auto snapshot = context.reader.execution(context.caller.tenant, id);
    const auto good = snapshot ? discardable(snapshot->execution) : tl::unexpected(snapshot.error());
    if (!good) {
      all.left_out.push_back({id, good.error()});
      continue;
    }
    all.discarded.push_back(id);
    named.push_back(id.str());
  }
  if (all.discarded.empty()) return all;
  const std::string target = all.discarded.size() == 1 ? all.discarded.front().str() : std::string();
  auto outcome = store::write_and_wait(
      context.writer, store::DiscardExecutions{context.caller.tenant, all.discarded,
                                               audit(context, "execution.discard", target, Json{{"executions", named}})});
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->count < static_cast<std::int64_t>(all.discarded.size())) leave_out_others(context, all);
  return all;
}

}  // namespace ipaas::service
