#include "daemon/runtime/intake.h"

#include "daemon/runtime/change_masking.h"

namespace ipaas::daemon {
namespace {

/// Left to a worker: the execution is stored as queued, with the start as its first effect.
domain::ExecutionChange start_later(const domain::ExecutionSnapshot& snapshot, Instant now) {
  domain::ExecutionChange change;
  change.execution = snapshot.execution;
  ++change.execution.revision;
  domain::Effect start;
  start.id = EffectId(snapshot.execution.id.str() + "/start");
  start.tenant = snapshot.execution.tenant;
  start.execution = snapshot.execution.id;
  start.kind = domain::EffectKind::kStart;
  start.due_at = now;
  change.effects.push_back(std::move(start));
  return change;
}

}  // namespace

domain::ExecutionSnapshot Intake::queued(service::Arrival& arrival, Instant now) {
  domain::ExecutionSnapshot snapshot;
  domain::Event& event = snapshot.event;
  event.id = parts_.ids.make<EventId>();
  event.tenant = arrival.tenant;
  event.workflow = arrival.workflow;
  event.trigger = arrival.trigger;
  event.received_at = now;
  snapshot.payload = std::move(arrival.payload.value);

  domain::Execution& execution = snapshot.execution;
  execution.id = parts_.ids.make<ExecutionId>();
  execution.tenant = arrival.tenant;
  execution.workflow = arrival.workflow;
  execution.workflow_name = arrival.workflow_name;
  execution.version = arrival.version;
  execution.event = event.id;
  execution.trigger = arrival.trigger;
  execution.seed = parts_.randomness.next();
  execution.engine_version = engine::kEngineVersion;
  execution.created_at = now;
  execution.inputs = std::move(arrival.inputs);
  return snapshot;
}

domain::ExecutionChange Intake::first_change(const language::Workflow& definition,
                                             const domain::ExecutionSnapshot& snapshot,
                                             const engine::DecideLimits& limits, Instant now) const {
  std::optional<engine::Decision> decision;
  try {
    decision = engine::decide(definition, snapshot, engine::Begin{}, now, limits);
  } catch (const std::exception&) {
    // The event is kept all the same; the dispatcher knows how to end an execution that cannot be decided.
    return start_later(snapshot, now);
  }
  if (!decision || decision->over_budget) return start_later(snapshot, now);
  mask_change(decision->change, parts_.book.page(snapshot.execution.tenant)->masker);
  return std::move(decision->change);
}

void Intake::accept(service::Arrival arrival, const engine::DecideLimits& limits,
                    std::function<void(Result<service::Acceptance>)> done) {
  if (draining_) {
    done(fail(ErrorKind::kDraining, "the daemon is stopping", "try again in a moment"));
    return;
  }
  const std::int64_t backlog = parts_.dispatcher.live() + arriving_;
  if (backlog >= parts_.backlog_cap) {
    parts_.backlog_full(backlog);
    done(fail(ErrorKind::kBacklogFull, "too many executions wait: " + std::to_string(backlog), "try again later"));
    return;
  }
  const Instant now = parts_.clock.now();
  domain::ExecutionSnapshot snapshot = queued(arrival, now);
  store::AcceptEvent write;
  write.tenant = arrival.tenant;
  write.event = snapshot.event;
  write.payload = std::move(arrival.payload.text);
  if (arrival.dedupe_key) write.dedupe = store::AcceptEvent::Dedupe{*std::move(arrival.dedupe_key)};
  write.tick = arrival.tick;
  write.audit = std::move(arrival.audit);

  std::size_t calls = 0;
  if (arrival.enabled) {
    domain::ExecutionChange change = first_change(*arrival.definition, snapshot, limits, now);
    const bool call = !change.effects.empty() && change.effects.front().kind == domain::EffectKind::kCall;
    if (call && parts_.slots.try_take(change.effects.size())) {
      calls = change.effects.size();
      write.lease = parts_.boot;
    }
    // What has ended is not looked at again: its payload is let go, and its steps are copied for nobody.
    if (domain::is_final(change.execution.status)) {
      snapshot.execution.status = change.execution.status;
      snapshot.payload = nullptr;
    } else {
      domain::apply(snapshot, change);
    }
    write.first = std::move(change);
  }
  ++arriving_;
  parts_.writer.submit(std::move(write), [this, calls, enabled = arrival.enabled, snapshot = std::move(snapshot),
                                          done = std::move(done)](Result<store::Outcome> outcome) mutable {
    --arriving_;
    const bool written = outcome && outcome->kind == store::Outcome::Kind::kDone;
    if (!outcome && outcome.error().kind == ErrorKind::kUnavailable && enabled) {
      // It may be in the store all the same. The slots stay taken until that is known.
      parts_.dispatcher.recover(snapshot.execution.tenant, snapshot.execution.id, calls);
    } else if (!written) {
      parts_.slots.give_back(calls);
    }
    if (!outcome) {
      done(tl::unexpected(std::move(outcome.error())));
      return;
    }
    service::Acceptance acceptance;
    acceptance.event = snapshot.event.id;
    if (written && enabled) {
      acceptance.execution = snapshot.execution.id;
      acceptance.status = snapshot.execution.status;
      parts_.dispatcher.adopt(std::move(snapshot), calls > 0);
    }
    acceptance.duplicate = outcome->kind == store::Outcome::Kind::kDuplicate;
    acceptance.stale = outcome->kind == store::Outcome::Kind::kStale;
    if (acceptance.duplicate) acceptance.execution = outcome->duplicate_of;
    done(acceptance);
  });
}

}  // namespace ipaas::daemon
