#include "core/store/memory/purge.h"

#include <algorithm>

#include "core/store/memory/outbox.h"
#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

/// Are executions of this workflow meant at all?
bool covers(const PurgeExecutions& write, const WorkflowId& workflow) {
  if (write.workflow) return workflow == *write.workflow;
  return std::find(write.except.begin(), write.except.end(), workflow) == write.except.end();
}

/// Left alone: what still has something to tell, and what a parent waits for.
bool may_go(const Tables& tables, const ExecutionRow& row, const PurgeExecutions& write) {
  const domain::Execution& execution = row.execution;
  if (execution.tenant != write.tenant) return false;
  if (!covers(write, execution.workflow)) return false;
  if (write.payloads_only && row.bare) return false;
  if (has_effects(tables, execution.id)) return false;
  return !execution.parent || !tables.outbox.contains({execution.parent->execution, execution.parent->effect});
}

std::vector<ExecutionId> oldest(const Tables& tables, const PurgeExecutions& write) {
  std::vector<ExecutionId> found;
  for (const auto& [ended_at, no, id] : tables.ended) {
    if (ended_at >= write.ended_before || found.size() == write.limit) break;
    if (may_go(tables, tables.executions.at(id), write)) found.push_back(id);
  }
  return found;
}

void forget_payloads(ExecutionRow& row) {
  row.bare = true;
  row.payload.clear();
  row.execution.inputs = Json::object();
  row.execution.outputs = nullptr;
  row.execution.vars = Json::object();
  row.execution.idempotency_keys.clear();
  KeyedList<domain::Step> steps;
  for (domain::Step step : row.steps) {
    step.outputs = nullptr;
    step.items.reset();
    steps.push_back(std::move(step));
  }
  row.steps = std::move(steps);
}

void remove(Tables& tables, const std::vector<ExecutionId>& doomed) {
  const std::set<ExecutionId> gone(doomed.begin(), doomed.end());
  for (const ExecutionId& id : doomed) {
    const ExecutionRow& row = tables.executions.at(id);
    const domain::Execution& execution = row.execution;
    tables.ended.erase({*execution.ended_at, row.no, id});
    if (execution.parent) tables.children.erase({execution.parent->execution, execution.parent->effect});
    if (row.dedupe_key) {
      const auto key = tables.dedupe.find({execution.workflow, *row.dedupe_key});
      if (key != tables.dedupe.end() && key->second.execution == id) {
        key->second.failed = execution.status == domain::ExecutionStatus::kFailed;
      }
    }
    const auto begin = tables.end_starts.lower_bound({id, WorkflowId()});
    auto end = begin;
    while (end != tables.end_starts.end() && end->first.first == id) ++end;
    tables.end_starts.erase(begin, end);
    tables.executions.erase(id);
  }
  std::erase_if(tables.logs, [&](const domain::LogLine& line) { return gone.contains(line.execution); });
}

void remove_kept_events(Tables& tables, const PurgeExecutions& write, std::size_t left) {
  std::erase_if(tables.events, [&](const auto& entry) {
    const domain::Event& event = entry.second.event;
    const bool old = left > 0 && event.tenant == write.tenant && event.received_at < write.ended_before &&
                     covers(write, event.workflow);
    if (old) --left;
    return old;
  });
}

}  // namespace

Result<Outcome> purge(Tables& tables, const PurgeExecutions& write) {
  if (write.workflow) {
    const auto workflow = tables.workflows.find(*write.workflow);
    if (workflow == tables.workflows.end() || workflow->second.workflow.tenant != write.tenant) {
      return no_workflow(*write.workflow);
    }
  }
  const auto doomed = oldest(tables, write);
  if (write.payloads_only) {
    for (const ExecutionId& id : doomed) forget_payloads(tables.executions.at(id));
  } else if (!doomed.empty()) {
    remove(tables, doomed);
  }
  std::erase_if(tables.dedupe, [&](const auto& entry) { return entry.second.expires_at <= write.now; });
  remove_kept_events(tables, write, write.limit - doomed.size());
  Outcome outcome{.count = static_cast<std::int64_t>(doomed.size())};
  if (outcome.count > 0) tables.note(write.tenant, write.audit);
  return outcome;
}

}  // namespace ipaas::store::memory
