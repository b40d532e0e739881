#include "daemon/runtime/intake.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

/// Left to a worker: the execution is stored as queued, with the start as its first effect.
engine::Decision start_later(const domain::ExecutionSnapshot& snapshot, Instant now) {
  engine::Decision decision;
  domain::ExecutionChange& change = decision.change;
  change.execution = snapshot.execution;
  ++change.execution.revision;
  change.effects.push_back(domain::effect_of(snapshot.execution, domain::EffectKind::kStart, now));
  return decision;
}

/// A retry has the event of the execution that failed, and what is kept of its results.
void take_over(service::Arrival::Again& again, domain::ExecutionSnapshot& snapshot) {
  snapshot.event = std::move(again.event);
  snapshot.steps = std::move(again.steps);
  snapshot.execution.event = snapshot.event.id;
  snapshot.execution.retry_of = again.of;
  snapshot.execution.idempotency_keys = std::move(again.idempotency_keys);
}

/// The first change stores everything, also what was there before the decision.
void store_kept_steps(const domain::ExecutionSnapshot& snapshot, domain::ExecutionChange& change) {
  if (snapshot.steps.empty()) return;
  KeyedList<domain::Step> all = snapshot.steps;
  for (const domain::Step& step : change.steps) all.put(step);
  change.steps = std::move(all);
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
  execution.parent = std::move(arrival.parent);
  execution.depth = arrival.depth;
  execution.led_by = std::move(arrival.led_by);
  execution.held = std::move(arrival.held);
  execution.idempotency_keys = std::move(arrival.idempotency_keys);
  execution.starter = arrival.starter;
  if (arrival.again) take_over(*arrival.again, snapshot);
  if (arrival.definition) execution.vars = parts_.variables.for_workflow(arrival.tenant, *arrival.definition);
  return snapshot;
}

engine::Decision Intake::first_decision(const language::Workflow& definition, domain::ExecutionSnapshot& snapshot,
                                        engine::DecideLimits limits, Instant now) const {
  limits.links = parts_.links;
  std::optional<engine::Decision> decision;
  try {
    engine::enrol(definition, snapshot, now);
    // Whether there is a slot for it is seen when its beginning is committed.
    if (domain::own_group(snapshot.execution)) return start_later(snapshot, now);
    decision = engine::decide(definition, snapshot, engine::Begin{}, now, limits);
  } catch (...) {
    // The event is kept all the same; the dispatcher knows how to end an execution that cannot be decided.
    return start_later(snapshot, now);
  }
  if (!decision || decision->over_budget) return start_later(snapshot, now);
  return *std::move(decision);
}

/// Counted before it is looked whether that was one too many: two at a time must not both find the last place.
Intake::Place Intake::take_place(int depth) {
  ++arriving_;
  Place place(&arriving_, [](auto* arriving) { --*arriving; });
  return room(depth) < 0 ? nullptr : place;
}

std::int64_t Intake::room(int depth) const {
  const std::int64_t cap = parts_.backlog_cap;
  const std::int64_t more = std::max<std::int64_t>(cap * depth / domain::kDeepest, depth);
  return cap + more - parts_.dispatcher.live() - arriving_;
}

void Intake::accept(service::Arrival arrival, const engine::DecideLimits& limits,
                    std::function<void(Result<service::Acceptance>)> done) {
  if (draining_) {
    done(fail(ErrorKind::kDraining, "the daemon is stopping", "try again in a moment"));
    return;
  }
  Place place = take_place(arrival.depth);
  if (!place) {
    const std::int64_t backlog = parts_.dispatcher.live() + arriving_;
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
  if (arrival.dedupe_key) {
    write.dedupe.emplace();
    write.dedupe->key = *std::move(arrival.dedupe_key);
  }
  write.end_of = std::move(arrival.end_of);
  write.tick = arrival.tick;
  if (arrival.again) write.retries = arrival.again->of;
  write.audit = std::move(arrival.audit);

  Departure departure;
  if (arrival.enabled) {
    engine::Decision decision = first_decision(*arrival.definition, snapshot, limits, now);
    store_kept_steps(snapshot, decision.change);
    departure = parts_.desk.prepare(decision, now, DepartureDesk::Lease::kAll);
    // A start waits for its turn among the tenants.
    if (departure.leased && decision.change.effects.front().kind == domain::EffectKind::kStart) departure.leased = false;
    if (departure.leased) write.lease = parts_.boot;
    // What has ended is not looked at again: its payload is let go, and its steps are copied for nobody.
    if (domain::has_ended(decision.change.execution)) {
      snapshot.execution.status = decision.change.execution.status;
      snapshot.execution.ended_at = decision.change.execution.ended_at;
      snapshot.payload = nullptr;
    } else {
      domain::apply(snapshot, decision.change);
    }
    write.first = std::move(decision.change);
    write.masked = std::move(decision.masked);
  }
  parts_.writer.submit(std::move(write),
                       [this, place = std::move(place), enabled = arrival.enabled, snapshot = std::move(snapshot),
                        departure = std::move(departure), done = std::move(done)](Result<store::Outcome> outcome) mutable {
                         committed(std::move(snapshot), std::move(departure), enabled, std::move(outcome), done);
                         place.reset();  // it counts as alive now
                       });
}

void Intake::committed(domain::ExecutionSnapshot snapshot, Departure departure, bool enabled, Result<store::Outcome> outcome,
                       const std::function<void(Result<service::Acceptance>)>& done) {
  const bool written = outcome && outcome->kind == store::Outcome::Kind::kDone;
  if (!outcome && outcome.error().kind == ErrorKind::kUnavailable && enabled) {
    // It may be in the store all the same. Slots and tokens stay taken until that is known.
    parts_.dispatcher.recover(snapshot.execution.tenant, snapshot.execution.id, std::move(departure));
  } else if (!written) {
    parts_.desk.undo(departure);
  }
  if (!outcome) {
    done(tl::unexpected(std::move(outcome.error())));
    return;
  }
  service::Acceptance acceptance;
  acceptance.event = snapshot.event.id;
  acceptance.duplicate = outcome->kind == store::Outcome::Kind::kDuplicate;
  acceptance.stale = outcome->kind == store::Outcome::Kind::kStale;
  if (acceptance.duplicate) acceptance.execution = outcome->duplicate_of;
  if (written && enabled) {
    acceptance.execution = snapshot.execution.id;
    acceptance.status = snapshot.execution.status;
    parts_.dispatcher.adopt(std::move(snapshot), departure);
  }
  done(acceptance);
}

}  // namespace ipaas::daemon
