#include "core/store/memory/execution_writes.h"

#include <algorithm>

#include "core/store/memory/groups.h"
#include "core/store/memory/outbox.h"
#include "core/store/memory/schedule_writes.h"
#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

/// What a loop goes over is kept as it was when it first came.
void put_steps(ExecutionRow& row, const KeyedList<domain::Step>& steps) {
  for (domain::Step step : steps) {
    const domain::Step* known = row.steps.find(step.path);
    if (known != nullptr && known->items) step.items = known->items;
    row.steps.put(std::move(step));
  }
}

void put_attempts(ExecutionRow& row, const std::vector<domain::Attempt>& attempts) {
  for (const domain::Attempt& attempt : attempts) {
    std::erase_if(row.attempts, [&](const domain::Attempt& other) {
      return other.path == attempt.path && other.number == attempt.number;
    });
    row.attempts.push_back(attempt);
  }
}

void add_masked(ExecutionRow& row, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (std::find(row.masked.begin(), row.masked.end(), value) == row.masked.end()) row.masked.push_back(value);
  }
}

void add_logs(Tables& tables, const domain::Execution& execution, const std::vector<domain::LogEntry>& entries) {
  for (const domain::LogEntry& entry : entries) {
    domain::LogLine line;
    static_cast<domain::LogEntry&>(line) = entry;
    line.sequence = ++tables.last_line;
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
  const bool failed = execution == tables.executions.end()
                          ? known->second.failed
                          : execution->second.execution.status == domain::ExecutionStatus::kFailed;
  return failed ? std::nullopt : std::optional(known->second.execution);
}

/// Is it still to be announced that the execution has ended?
bool is_announcing(const Tables& tables, const TenantId& tenant, const ExecutionId& ended) {
  for (auto row = tables.outbox.lower_bound({ended, EffectId()});
       row != tables.outbox.end() && row->first.first == ended; ++row) {
    const domain::Effect& effect = row->second.effect;
    if (effect.kind == domain::EffectKind::kAnnounce && effect.tenant == tenant) return true;
  }
  return false;
}

std::optional<Result<Outcome>> refuse_end(const Tables& tables, const AcceptEvent& write) {
  if (!is_announcing(tables, write.tenant, *write.end_of)) return stale();
  const auto started = tables.end_starts.find({*write.end_of, write.event.workflow});
  if (started != tables.end_starts.end()) return duplicate_of(started->second);
  return std::nullopt;
}

std::optional<Result<Outcome>> refuse_child(const Tables& tables, const AcceptEvent& write) {
  const domain::Parent& parent = *write.first->execution.parent;
  const auto effect = tables.outbox.find({parent.execution, parent.effect});
  if (effect == tables.outbox.end() || effect->second.effect.tenant != write.tenant ||
      effect->second.effect.kind != domain::EffectKind::kChild) {
    return stale();
  }
  const auto child = tables.children.find({parent.execution, parent.effect});
  if (child != tables.children.end()) return duplicate_of(child->second);
  return std::nullopt;
}

std::optional<Result<Outcome>> refuse_retry(Tables& tables, const AcceptEvent& write) {
  const ExecutionRow* retried = tables.execution(write.tenant, *write.retries);
  if (retried == nullptr || retried->execution.workflow != write.event.workflow) return no_execution(*write.retries);
  const domain::Execution& execution = retried->execution;
  const bool without_success =
      execution.status == domain::ExecutionStatus::kFailed || execution.status == domain::ExecutionStatus::kCancelled;
  if (!domain::has_ended(execution) || !without_success || execution.care != domain::Execution::Care::kNone) {
    return stale();
  }
  if (retried->bare) return payloads_forgotten(*write.retries);
  return std::nullopt;
}

/// Why the execution is not to begin.
std::optional<Result<Outcome>> refuse_start(Tables& tables, const AcceptEvent& write) {
  if (write.dedupe) {
    if (auto earlier = find_duplicate(tables, write)) return duplicate_of(std::move(*earlier));
  }
  if (write.end_of) {
    if (auto refused = refuse_end(tables, write)) return refused;
  }
  if (write.first->execution.parent) {
    if (auto refused = refuse_child(tables, write)) return refused;
  }
  if (write.retries) {
    if (auto refused = refuse_retry(tables, write)) return refused;
  }
  if (tables.executions.contains(write.first->execution.id)) return id_taken();
  return std::nullopt;
}

/// From now on the retry stands for the event, so that what is delivered again does not start it a second time.
void take_over(Tables& tables, ExecutionRow& retried, ExecutionRow& row) {
  retried.execution.care = domain::Execution::Care::kRetried;
  row.event = retried.event;
  row.payload = retried.payload;
  row.execution.event = retried.event.id;
  if (!retried.dedupe_key) return;
  if (!row.dedupe_key) row.dedupe_key = retried.dedupe_key;
  const auto key = tables.dedupe.find({retried.execution.workflow, *row.dedupe_key});
  if (key != tables.dedupe.end() && key->second.execution == retried.execution.id) {
    key->second.execution = row.execution.id;
  }
}

void begin(Tables& tables, const AcceptEvent& write, const WorkflowRow& workflow) {
  const domain::ExecutionChange& first = *write.first;
  const ExecutionId& id = first.execution.id;
  ExecutionRow& row = tables.executions[id];
  row.no = ++tables.last_execution;
  row.execution = first.execution;
  row.event = write.event;
  row.payload = write.payload;
  row.execution.tenant = row.event.tenant = write.tenant;
  row.execution.workflow = workflow.workflow.id;
  row.execution.workflow_name = workflow.workflow.name;
  row.execution.event = write.event.id;
  add_masked(row, write.masked);
  if (write.dedupe) {
    row.dedupe_key = write.dedupe->key;
    tables.dedupe.insert_or_assign({write.event.workflow, write.dedupe->key},
                                   DedupeRow{id, write.event.received_at + write.dedupe->window});
  }
  if (write.retries) take_over(tables, tables.executions.at(*write.retries), row);
  if (write.end_of) tables.end_starts[{*write.end_of, write.event.workflow}] = id;
  if (const auto& parent = row.execution.parent) tables.children[{parent->execution, parent->effect}] = id;
  put_steps(row, first.steps);
  put_attempts(row, first.attempts);
  for (const domain::Effect& effect : first.effects) add_effect(tables, row.execution, effect, write.lease);
  add_logs(tables, row.execution, first.logs);
  if (domain::has_ended(row.execution)) tables.ended.insert({*row.execution.ended_at, row.no, id});
  join(tables, row);
  regroup(tables, row);
}

/// What an execution began with is never rewritten.
void rewrite(domain::Execution& stored, const domain::Execution& changed) {
  const bool begun = stored.started_at.has_value();
  stored.status = changed.status;
  stored.revision = changed.revision;
  stored.phase = changed.phase;
  stored.started_at = changed.started_at;
  stored.ended_at = changed.ended_at;
  stored.active = changed.active;
  stored.active_since = changed.active_since;
  stored.outputs = changed.outputs;
  stored.error = changed.error;
  stored.idempotency_keys = changed.idempotency_keys;
  if (begun) return;
  stored.inputs = changed.inputs;
  stored.vars = changed.vars;
}

}  // namespace

Result<Outcome> accept(Tables& tables, const AcceptEvent& write) {
  if (write.tick && !claims(tables, write.tenant, *write.tick)) return stale();
  const WorkflowRow* workflow = tables.living(write.tenant, write.event.workflow);
  if (workflow == nullptr) return no_workflow(write.event.workflow);
  if (write.first) {
    if (auto refused = refuse_start(tables, write)) return *std::move(refused);
    begin(tables, write, *workflow);
  } else {
    KeptEvent kept{write.event, write.payload};
    kept.event.tenant = write.tenant;
    tables.events.insert_or_assign(write.event.id, std::move(kept));
  }
  if (write.tick) fire(tables, write.tenant, *write.tick);
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> advance(Tables& tables, const AdvanceExecution& write) {
  const domain::ExecutionChange& change = write.change;
  ExecutionRow* row = tables.execution(write.tenant, change.execution.id);
  if (row == nullptr) return no_execution(change.execution.id);
  if (row->execution.revision != change.execution.revision - 1) return stale();
  if (write.claim) {
    if (auto busy = refuse(tables, *row, write.look_again)) return *std::move(busy);
  }
  const bool had_ended = domain::has_ended(row->execution);
  rewrite(row->execution, change.execution);
  put_steps(*row, change.steps);
  put_attempts(*row, change.attempts);
  for (const EffectId& id : change.finished) remove_effect(tables, change.execution.id, id);
  for (const domain::Effect& effect : change.effects) {
    add_effect(tables, row->execution, effect, effect.due_at <= write.now ? write.lease : std::nullopt);
  }
  add_logs(tables, row->execution, change.logs);
  add_masked(*row, write.masked);
  if (!had_ended && domain::has_ended(row->execution)) {
    tables.ended.insert({*row->execution.ended_at, row->no, row->execution.id});
  }
  regroup(tables, *row);
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> finish(Tables& tables, const FinishEffects& write) {
  if (tables.execution(write.tenant, write.execution) == nullptr) return no_execution(write.execution);
  for (const EffectId& effect : write.effects) remove_effect(tables, write.execution, effect);
  return Outcome{};
}

Result<Outcome> note_crash(Tables& tables, const NoteCrash& write) {
  ExecutionRow* row = tables.execution(write.tenant, write.execution);
  if (row == nullptr) return no_execution(write.execution);
  if (domain::has_ended(row->execution)) return stale();
  return Outcome{.count = ++row->crashes};
}

Result<Outcome> discard(Tables& tables, const DiscardExecutions& write) {
  Outcome outcome;
  for (const ExecutionId& id : write.executions) {
    ExecutionRow* row = tables.execution(write.tenant, id);
    if (row == nullptr || !is_dead_letter(row->execution)) continue;
    row->execution.care = domain::Execution::Care::kDiscarded;
    ++outcome.count;
  }
  if (outcome.count > 0) tables.note(write.tenant, write.audit);
  return outcome;
}

}  // namespace ipaas::store::memory
