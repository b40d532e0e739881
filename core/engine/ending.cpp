// From the main part to the handlers, and to the end.
#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/doubt.h"
#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {

/// The list of the present phase has ended.
void Deliberation::phase_ended(const BlockEnd& end) {
  switch (execution().phase) {
    case domain::Phase::kMain: return main_ended(end.failure);
    case domain::Phase::kOnFailure: return enter_finally();
    case domain::Phase::kFinally: return conclude();
  }
}

void Deliberation::main_ended(std::optional<domain::Failure> failure) {
  route_.clear();
  if (!failure) failure = evaluate_outputs();
  if (!failure) return enter_finally();
  execution().error = std::move(failure);
  execution().outputs = nullptr;
  if (workflow_.on_failure.empty() || run_handler(domain::Phase::kOnFailure, workflow_.on_failure)) enter_finally();
}

void Deliberation::enter_finally() {
  if (workflow_.finally.empty() || run_handler(domain::Phase::kFinally, workflow_.finally)) conclude();
}

/// True when all of it has ended at once.
bool Deliberation::run_handler(domain::Phase phase, const language::Steps& block) {
  if (execution().phase == domain::Phase::kMain && execution().error) {
    const domain::Failure& error = *execution().error;
    log(domain::LogLevel::kWarn, "",
        (error.step.empty() ? "" : error.step + ": ") + error.code + "; now " +
            (phase == domain::Phase::kOnFailure ? "on-failure" : "finally"));
  }
  execution().phase = phase;
  route_.clear();
  return run_block(block, 0, "", false).ended;
}

std::optional<domain::Failure> Deliberation::evaluate_outputs() {
  // There may be many of them, and they are evaluated at once.
  constexpr std::size_t kExpressions = 10;
  const std::size_t most = scope_.operations() + kExpressions * limits_.evaluation.operations;
  std::size_t bytes = 0;
  Json outputs = Json::object();
  for (const auto& [name, tree] : workflow_.outputs) {
    scope_.turn_to("/outputs/" + name);  // no step's id begins so
    Result<Json> value = evaluate(tree, most - std::min(most, scope_.operations()));
    if (!value) return domain::Failure{"expression_failed", "output " + name + ": " + value.error().message, ""};
    bytes += kept_bytes(*value);
    outputs[name] = *std::move(value);
    if (bytes > kMostOutputs) {
      return domain::Failure{"response_too_large", "the outputs are longer than " + std::to_string(kMostOutputs >> 20U) + " MiB", ""};
    }
  }
  execution().outputs = std::move(outputs);
  return std::nullopt;
}

void Deliberation::conclude() {
  const domain::Execution& done = execution();
  const std::string time = took(*done.started_at);
  if (done.status == domain::ExecutionStatus::kCancelled) {
    if (!workflow_.finally.empty()) log(domain::LogLevel::kInfo, "", "finally has ended");
    end(domain::ExecutionStatus::kCancelled);
  } else if (done.error) {
    log(domain::LogLevel::kError, "",
        "failed " + time + ": " + (done.error->step.empty() ? "" : done.error->step + ": ") + done.error->code);
    end(domain::ExecutionStatus::kFailed);
  } else {
    log(domain::LogLevel::kInfo, "", "succeeded " + time);
    end(domain::ExecutionStatus::kSucceeded);
  }
}

void Deliberation::end(domain::ExecutionStatus status) {
  domain::Execution& ended = execution();
  ended.status = status;
  ended.ended_at = now_;
  for (const domain::Effect& effect : draft_.before.effects) {
    if (effect.kind == domain::EffectKind::kStart) finish(effect.id);
  }
  if (ended.parent) draft_.change.effects.push_back(domain::effect_of(ended, domain::EffectKind::kReport, now_));
}

/// Since when something has been done in the time that counts: a call that has to wait for its rate limit is not under way.
Instant Deliberation::busy_since(Instant counting) const {
  std::optional<Instant> since;
  for (const domain::Effect& effect : draft_.before.effects) {
    const bool call = effect.kind == domain::EffectKind::kCall;
    if (!call && !(effect.kind == domain::EffectKind::kTimer && effect.due_at <= counting)) continue;
    const Instant begins = call && effect.call.rate ? std::max(effect.due_at, counting) : counting;
    since = std::min(since.value_or(begins), begins);
    if (since == counting) break;
  }
  return since.value_or(counting);
}

Duration Deliberation::spent() const {
  const domain::Execution& of = draft_.change.execution;
  if (!of.active_since) return of.active;
  const Instant since = busy_since(*of.active_since);
  const Duration passed = std::max(now_ - since, Duration(0));
  if (of.active + passed < workflow_.timeout) return of.active + passed;
  // Before an execution is ended for it: no call is out for longer than its own time, and no decision takes longer than
  // that to be made. What is beyond that is the clock, set forward, or the time that a call waited to be sent.
  constexpr Duration kLongestDecision = std::chrono::seconds(30);
  Duration most{0};
  for (const domain::Effect& effect : draft_.before.effects) {
    if (effect.kind == domain::EffectKind::kTimer && effect.due_at <= since) most = std::max(most, kLongestDecision);
    if (effect.kind != domain::EffectKind::kCall) continue;
    most = std::max(most, std::max(effect.due_at - since, Duration(0)) + effect.call.timeout);
  }
  return of.active + std::min(passed, most);
}

bool Deliberation::overdue() const {
  const domain::Execution& of = draft_.change.execution;
  return of.phase == domain::Phase::kMain && of.status != domain::ExecutionStatus::kCancelled &&
         !domain::has_ended(of) && spent() >= workflow_.timeout;
}

void Deliberation::time_out() {
  close_open_steps(domain::StepStatus::kCancelled);
  main_ended(domain::Failure{
      "timeout", "the workflow's timeout of " + format_duration(workflow_.timeout) + " of active time is over", ""});
}

void Deliberation::close_open_steps(domain::StepStatus status) {
  std::vector<domain::Step> open;
  for (const domain::Step& step : draft_.before.steps) {
    const domain::Step* now = draft_.step(step.path);
    if (!domain::is_final(now->status)) open.push_back(*now);
  }
  for (const domain::Step& step : draft_.change.steps) {
    if (!domain::is_final(step.status) && draft_.before.steps.find(step.path) == nullptr) open.push_back(step);
  }
  for (const domain::Step& step : open) close(step, status);
}

void Deliberation::close_open_steps_within(const language::Step& container, const std::string& prefix) {
  std::vector<domain::Step> open;
  const auto look = [&](const KeyedList<domain::Step>& steps) {
    for (const domain::Step& step : steps) {
      if (!lies_within(step.path, prefix, container)) continue;
      const domain::Step* now = draft_.step(step.path);
      if (!domain::is_final(now->status)) open.push_back(*now);
    }
  };
  look(draft_.before.steps);
  look(draft_.change.steps);
  for (const domain::Step& step : open) close(step, domain::StepStatus::kCancelled);
}

void Deliberation::close(const domain::Step& open, domain::StepStatus status) {
  domain::Step record = open;
  record.status = status;
  record.ended_at = now_;
  drop_effects(record.path);
  save(std::move(record));
}

/// What the step still had to do is not to be done any more. A child that may have been started is cancelled.
void Deliberation::drop_effects(std::string_view path) {
  domain::ExecutionChange& change = draft_.change;
  std::erase_if(change.effects, [&](const domain::Effect& effect) {
    return effect.path == path && effect.kind != domain::EffectKind::kCancelChild;
  });
  for (const domain::Effect& effect : draft_.before.effects) {
    if (effect.path != path) continue;
    if (std::find(change.finished.begin(), change.finished.end(), effect.id) != change.finished.end()) continue;
    finish(effect.id);
    if (effect.kind == domain::EffectKind::kCall && effect.due_at <= now_) {
      execution().idempotency_keys[effect.path] = effect.call.idempotency_key;  // it may be out, and happen
      if (!may_happen_twice(effect)) put_in_doubt(execution(), effect.path);
    }
    if (effect.kind != domain::EffectKind::kChild) continue;
    note_child(execution(), effect, !draft_.step(effect.path)->child.empty());
    if (!may_happen_twice(effect)) put_in_doubt(execution(), effect.path);
    domain::Effect stop = effect;
    stop.id = EffectId(effect.id.str() + "/cancel");
    stop.kind = domain::EffectKind::kCancelChild;
    stop.path = effect.id.str();
    stop.due_at = now_;
    stop.child = {};
    change.effects.push_back(std::move(stop));
  }
}

/// From when on something is done for the main part, as far as that is known: a call that is out, or comes by itself.
std::optional<Instant> Deliberation::busy_from() const {
  const domain::ExecutionChange& change = draft_.change;
  std::optional<Instant> from;
  const auto look = [&](const domain::Effect& effect) {
    if (effect.kind == domain::EffectKind::kCall) {
      const domain::Step* step = draft_.step(effect.path);
      const bool waits = effect.call.rate || (step != nullptr && step->deferred_since);
      const Instant begins = waits ? std::max(effect.due_at, now_) : now_;
      from = std::min(from.value_or(begins), begins);
    } else if (effect.kind == domain::EffectKind::kTimer && effect.due_at <= now_) {
      from = now_;
    }
    return from == now_;
  };
  for (const domain::Effect& effect : change.effects) {
    if (look(effect)) return from;
  }
  for (const domain::Effect& effect : draft_.before.effects) {
    if (std::find(change.finished.begin(), change.finished.end(), effect.id) != change.finished.end()) continue;
    if (look(effect)) return from;
  }
  return from;
}

/// Counts the active time, and tells an execution that runs from one that only waits.
void Deliberation::keep_time() {
  domain::Execution& of = execution();
  of.active = spent();
  of.active_since.reset();
  if (domain::has_ended(of) || of.status == domain::ExecutionStatus::kQueued) return;
  const std::optional<Instant> busy = busy_from();
  if (of.phase == domain::Phase::kMain) of.active_since = busy;
  if (of.status == domain::ExecutionStatus::kCancelled) return;
  of.status = busy && *busy <= now_ ? domain::ExecutionStatus::kRunning : domain::ExecutionStatus::kWaiting;
}

}  // namespace ipaas::engine
