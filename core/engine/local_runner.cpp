#include "core/engine/local_runner.h"

#include <algorithm>
#include <set>

#include "core/engine/keeping.h"
#include "core/engine/route.h"

namespace ipaas::engine {
namespace {

class Runner {
 public:
  Runner(const language::Workflow& workflow, domain::ExecutionSnapshot snapshot, Instant now, Receiver& receiver,
         std::vector<TimedFact> interventions, const LocalRunLimits& limits)
      : workflow_(workflow), receiver_(receiver), facts_(std::move(interventions)), limits_(limits) {
    run_.snapshot = std::move(snapshot);
    kept_ = kept_bytes(run_.snapshot);
    run_.now = now;
    const bool queued = run_.snapshot.execution.status == domain::ExecutionStatus::kQueued;
    if (queued && run_.snapshot.effects.empty()) facts_.push_back({now, Begin{}});
  }

  LocalRun run() && {
    run_.end = LocalRun::End::kEnded;
    while (!domain::has_ended(run_.snapshot.execution)) {
      if (const auto stop = advance()) {
        run_.end = *stop;
        break;
      }
    }
    return std::move(run_);
  }

 private:
  /// Does what is due next; says why it cannot.
  std::optional<LocalRun::End> advance() {
    const auto fact = next_fact();
    const auto effect = next_effect();
    if (fact == facts_.end() && effect == run_.snapshot.effects.end()) return LocalRun::End::kStuck;
    if (effect == run_.snapshot.effects.end() || (fact != facts_.end() && fact->at <= effect->due_at)) {
      if (decisions_++ == limits_.decisions) return LocalRun::End::kTooLong;
      const TimedFact taken = std::move(*fact);
      facts_.erase(fact);
      run_.now = std::max(run_.now, taken.at);
      take(taken.fact);
      return std::nullopt;
    }
    run_.now = std::max(run_.now, effect->due_at);
    return carry_out(*effect) ? std::nullopt : std::optional(LocalRun::End::kUnanswered);
  }

  [[nodiscard]] std::vector<TimedFact>::iterator next_fact() {
    return std::min_element(facts_.begin(), facts_.end(),
                            [](const TimedFact& a, const TimedFact& b) { return a.at < b.at; });
  }

  /// Of those that have not been carried out yet.
  [[nodiscard]] KeyedList<domain::Effect>::const_iterator next_effect() const {
    const auto& effects = run_.snapshot.effects;
    auto next = effects.end();
    for (auto effect = effects.begin(); effect != effects.end(); ++effect) {
      if (carried_out_.contains(effect->id)) continue;
      if (next == effects.end() || effect->due_at < next->due_at) next = effect;
    }
    return next;
  }

  bool carry_out(const domain::Effect& effect) {
    carried_out_.insert(effect.id);
    switch (effect.kind) {
      case domain::EffectKind::kStart: facts_.push_back({run_.now, Begin{}}); return true;
      case domain::EffectKind::kTimer: facts_.push_back({run_.now, TimerFired{effect.id}}); return true;
      case domain::EffectKind::kCall:
      case domain::EffectKind::kChild: return send(effect);
      case domain::EffectKind::kCancelChild:
      case domain::EffectKind::kReport:
      case domain::EffectKind::kAnnounce: break;  // there is nobody else here
    }
    return true;
  }

  bool send(const domain::Effect& effect) {
    run_.sent.push_back(effect);
    run_.sent.back().due_at = run_.now;
    std::optional<Answer> answer = receiver_.answer(effect, run_.now);
    if (!answer) return false;
    const Instant at = run_.now + answer->after;
    if (effect.kind == domain::EffectKind::kChild) {
      tell_of_child(effect, *answer, at);
    } else if (auto* failure = std::get_if<CallFailed>(&answer->result)) {
      failure->effect = effect.id;
      facts_.push_back({at, std::move(*failure)});
    } else {
      facts_.push_back({at, CallSucceeded{effect.id, std::get<Json>(std::move(answer->result))}});
    }
    return true;
  }

  void tell_of_child(const domain::Effect& effect, Answer& answer, Instant at) {
    const ExecutionId child("ex_" + effect.child.workflow);
    facts_.push_back({run_.now, ChildStarted{effect.id, child, 1}});
    ChildEnded ended{effect.id, child, domain::ExecutionStatus::kSucceeded, nullptr, {}};
    if (const auto* failure = std::get_if<CallFailed>(&answer.result)) {
      ended.status = domain::ExecutionStatus::kFailed;
      ended.error = domain::Failure{failure->code, failure->message, ""};
    } else {
      ended.outputs = std::get<Json>(std::move(answer.result));
    }
    facts_.push_back({at, std::move(ended)});
  }

  void ask_who_is_waited_for(const domain::ExecutionChange& change) {
    for (const domain::Step& step : change.steps) {
      const bool waits = step.kind == "wait-for" && !domain::is_final(step.status);
      if (!waits || !asked_.insert(step.path).second) continue;
      auto answer = receiver_.answer_wait(step, run_.now);
      if (!answer) continue;
      answer->signal.path = step.path;
      answers_.push_back(*std::move(answer));
    }
    // Nobody answers before the `notify` of the wait has told them.
    std::erase_if(answers_, [this](WaitAnswer& answer) {
      if (is_telling(answer.signal.path)) return false;
      facts_.push_back({run_.now + answer.after, std::move(answer.signal)});
      return true;
    });
  }

  [[nodiscard]] bool is_telling(const std::string& wait) const {
    const auto route = find_route(workflow_, wait);
    return route && std::any_of(run_.snapshot.steps.begin(), run_.snapshot.steps.end(), [&](const domain::Step& step) {
      return !domain::is_final(step.status) && lies_within(step.path, route->back().prefix, route->back().step());
    });
  }

  void take(const Fact& fact) {
    std::optional<Decision> decision;
    DecideLimits limits = limits_.decide;
    limits.kept = kept_;
    try {
      decision = decide(workflow_, run_.snapshot, fact, run_.now, limits);
    } catch (const std::exception& error) {
      // As the daemon has it: a defect of ours ends this execution.
      decision = decide(workflow_, run_.snapshot, Broke{error.what()}, run_.now, limits_.decide);
    }
    if (!decision) return;
    domain::ExecutionChange& change = decision->change;
    kept_ = kept_after(kept_, run_.snapshot, change);
    domain::apply(run_.snapshot, change);
    ask_who_is_waited_for(change);
    std::move(change.attempts.begin(), change.attempts.end(), std::back_inserter(run_.attempts));
    std::move(change.logs.begin(), change.logs.end(), std::back_inserter(run_.logs));
  }

  const language::Workflow& workflow_;
  Receiver& receiver_;
  std::vector<TimedFact> facts_;  ///< still to come, in the order they became known
  const LocalRunLimits& limits_;
  std::set<EffectId> carried_out_;
  std::set<std::string> asked_;       ///< paths of waits
  std::vector<WaitAnswer> answers_;  ///< to waits that are not told yet
  int decisions_ = 0;
  std::size_t kept_ = 0;
  LocalRun run_;
};

}  // namespace

LocalRun run_locally(const language::Workflow& workflow, domain::ExecutionSnapshot snapshot, Instant now,
                     Receiver& receiver, std::vector<TimedFact> interventions, const LocalRunLimits& limits) {
  return Runner(workflow, std::move(snapshot), now, receiver, std::move(interventions), limits).run();
}

}  // namespace ipaas::engine
