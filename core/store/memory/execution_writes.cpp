#include "core/store/memory/execution_writes.h"

#include <algorithm>

#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

void add_effect(Tables& tables, const TenantId& tenant, const ExecutionId& execution, domain::Effect effect,
                const std::optional<domain::BootId>& lease) {
  effect.tenant = tenant;
  effect.execution = execution;
  if (effect.kind != domain::EffectKind::kCall) effect.call = {};
  const std::pair key(execution, effect.id);
  const std::tuple due(effect.due_at, effect.id, execution);
  tables.outbox.insert_or_assign(key, EffectRow{std::move(effect), lease, false});
  if (!lease) tables.due.insert(due);
}

void remove_effect(Tables& tables, const ExecutionId& execution, const EffectId& id) {
  const auto found = tables.outbox.find({execution, id});
  if (found == tables.outbox.end()) return;
  tables.due.erase({found->second.effect.due_at, id, execution});
  tables.outbox.erase(found);
}

void release(Tables& tables, EffectRow& row) {
  row.lease.reset();
  tables.due.insert({row.effect.due_at, row.effect.id, row.effect.execution});
}

void put_steps(ExecutionRow& row, const KeyedList<domain::Step>& steps) {
  for (const domain::Step& step : steps) row.steps.put(step);
}

void put_attempts(ExecutionRow& row, const std::vector<domain::Attempt>& attempts) {
  for (const domain::Attempt& attempt : attempts) {
    std::erase_if(row.attempts, [&](const domain::Attempt& other) {
      return other.path == attempt.path && other.number == attempt.number;
    });
    row.attempts.push_back(attempt);
  }
}

void add_logs(Tables& tables, const domain::Execution& execution, const std::vector<domain::LogEntry>& entries) {
  for (const domain::LogEntry& entry : entries) {
    domain::LogLine line;
    static_cast<domain::LogEntry&>(line) = entry;
    line.sequence = static_cast<domain::LogSequence>(tables.logs.size()) + 1;
    line.tenant = execution.tenant;
    line.workflow = execution.workflow;
    line.workflow_name = execution.workflow_name;
    line.execution = execution.id;
    tables.logs.push_back(std::move(line));
  }
}

std::optional<ExecutionId> find_duplicate(Tables& tables, const AcceptEvent& write) {
  const auto known = tables.dedupe.find({write.event.workflow, write.dedupe->key});
  if (known == tables.dedupe.end() || known->second.expires_at <= write.event.received_at) return std::nullopt;
  const auto execution = tables.executions.find(known->second.execution);
  const bool failed =
      execution == tables.executions.end() || execution->second.execution.status == domain::ExecutionStatus::kFailed;
  return failed ? std::nullopt : std::optional(known->second.execution);
}

void begin(Tables& tables, const AcceptEvent& write, const WorkflowRow& workflow) {
  const domain::ExecutionChange& first = *write.first;
  ExecutionRow row{first.execution, write.event, write.payload, {}, {}};
  row.execution.tenant = write.tenant;
  row.execution.workflow = workflow.workflow.id;
  row.execution.workflow_name = workflow.workflow.name;
  row.execution.event = write.event.id;
  row.event.tenant = write.tenant;
  put_steps(row, first.steps);
  put_attempts(row, first.attempts);
  for (const domain::Effect& effect : first.effects) {
    add_effect(tables, write.tenant, first.execution.id, effect, write.lease);
  }
  add_logs(tables, row.execution, first.logs);
  tables.executions.emplace(first.execution.id, std::move(row));
}

/// What an execution began with is never rewritten.
void rewrite(domain::Execution& stored, const domain::Execution& changed) {
  stored.status = changed.status;
  stored.revision = changed.revision;
  stored.started_at = changed.started_at;
  stored.ended_at = changed.ended_at;
  stored.inputs = changed.inputs;
  stored.outputs = changed.outputs;
  stored.error = changed.error;
}

}  // namespace

Result<Outcome> accept(Tables& tables, const AcceptEvent& write) {
  domain::Schedule* schedule = nullptr;
  if (write.tick) {
    schedule = tables.standing(write.tenant, write.tick->schedule, write.tick->due);
    if (schedule == nullptr) return stale();
  }
  const WorkflowRow* workflow = tables.living(write.tenant, write.event.workflow);
  if (workflow == nullptr) return no_workflow(write.event.workflow);
  if (write.first && write.dedupe) {
    if (auto earlier = find_duplicate(tables, write)) return duplicate_of(std::move(*earlier));
  }
  if (write.first) {
    if (tables.executions.contains(write.first->execution.id)) return id_taken();
    begin(tables, write, *workflow);
    if (write.dedupe) {
      tables.dedupe.insert_or_assign(
          {write.event.workflow, write.dedupe->key},
          DedupeRow{write.first->execution.id, write.event.received_at + write.dedupe->window});
    }
  } else {
    tables.events.insert_or_assign(write.event.id, write.event);
  }
  if (schedule != nullptr) schedule->next_due = write.tick->next;
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> advance(Tables& tables, const AdvanceExecution& write) {
  const domain::ExecutionChange& change = write.change;
  ExecutionRow* row = tables.execution(write.tenant, change.execution.id);
  if (row == nullptr) return no_execution(change.execution.id);
  if (row->execution.revision != change.execution.revision - 1) return stale();
  rewrite(row->execution, change.execution);
  put_steps(*row, change.steps);
  put_attempts(*row, change.attempts);
  for (const EffectId& id : change.finished) remove_effect(tables, change.execution.id, id);
  for (const domain::Effect& effect : change.effects) {
    remove_effect(tables, change.execution.id, effect.id);
    add_effect(tables, write.tenant, change.execution.id, effect,
               effect.due_at <= write.now ? write.lease : std::nullopt);
  }
  add_logs(tables, row->execution, change.logs);
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> finish(Tables&, const FinishEffects&) { return Outcome{}; }
Result<Outcome> note_crash(Tables&, const NoteCrash&) { return Outcome{}; }
Result<Outcome> discard(Tables&, const DiscardExecutions&) { return Outcome{}; }
Result<Outcome> purge(Tables&, const PurgeExecutions&) { return Outcome{}; }

Result<Outcome> lease(Tables& tables, const LeaseEffects& write) {
  if (write.again) {
    for (auto& [key, row] : tables.outbox) {
      if (row.lease == write.owner) release(tables, row);
    }
  }
  Outcome outcome;
  while (outcome.leased.size() < write.limit && !tables.due.empty()) {
    const auto [due_at, id, execution] = *tables.due.begin();
    if (due_at > write.now) break;
    tables.due.erase(tables.due.begin());
    EffectRow& row = tables.outbox.at({execution, id});
    row.lease = write.owner;
    outcome.leased.push_back({row.effect, row.orphaned});
  }
  return outcome;
}

std::size_t release_orphans(Tables& tables, domain::BootId boot) {
  std::size_t released = 0;
  for (auto& [key, row] : tables.outbox) {
    if (!row.lease || *row.lease == boot) continue;
    row.orphaned = true;
    row.effect.due_at = Instant{};
    release(tables, row);
    ++released;
  }
  return released;
}

}  // namespace ipaas::store::memory
