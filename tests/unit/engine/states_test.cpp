// The state machine, whole: every state meets every fact, and the page beside the engine says what then follows.
#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/unit/engine/flow_case.h"

namespace ipaas::test {
namespace {

using engine::FailureClass;

/// What an execution is busy with, as the page names it.
std::string state_of(const FlowCase& flow) {
  const domain::Execution& execution = flow.snapshot.execution;
  if (domain::has_ended(execution) || execution.status == domain::ExecutionStatus::kQueued) return flow.status();
  if (execution.phase == domain::Phase::kOnFailure) return "in on-failure";
  if (execution.phase == domain::Phase::kFinally) {
    if (execution.status == domain::ExecutionStatus::kCancelled) return "cancelled, in finally";
    return execution.error ? "failed, in finally" : "in finally";
  }
  REQUIRE(!flow.snapshot.effects.empty());
  const domain::Effect& effect = flow.snapshot.effects.front();
  const domain::Step& step = *flow.snapshot.steps.find(effect.path);
  if (effect.kind == domain::EffectKind::kCall) {
    if (effect.due_at <= flow.now) return "calling";
    return step.deferred_since ? "deferred" : "backing off";
  }
  if (effect.kind == domain::EffectKind::kChild) return step.child.empty() ? "calling a workflow" : "in a called workflow";
  if (step.kind == "sleep") return "sleeping";
  return "waiting for " + step.items->at("kind").get<std::string>();
}

/// Every state has something to do when it fails and in the end.
FlowCase with_handlers(const std::string& step, const std::string& more = "") {
  const std::string call = "  - { id: NAME, uses: http/request, with: { url: https://api.test } }\n";
  const auto named = [&](const std::string& name) { return std::string(call).replace(call.find("NAME"), 4, name); };
  return FlowCase(more + "steps:\n  - " + step + "\non-failure:\n" + named("sorry") + "finally:\n" + named("bye"));
}

const std::string kCall = "{ id: it, uses: http/request, with: { url: https://api.test } }";

FlowCase calling() {
  FlowCase flow = with_handlers(kCall);
  flow.begin();
  return flow;
}
FlowCase after(FlowCase flow, FailureClass failure_class) {
  engine::CallFailed failure = failed(failure_class);
  failure.effect = flow.snapshot.effects.front().id;
  failure.retry_after = std::chrono::seconds(30);
  REQUIRE(flow.take(failure));
  return flow;
}
FlowCase begun(const std::string& step) {
  FlowCase flow = with_handlers(step);
  flow.begin();
  return flow;
}
FlowCase in_child() {
  FlowCase flow = begun("{ id: it, call: other }");
  REQUIRE(flow.take(engine::ChildStarted{flow.snapshot.effects.front().id, ExecutionId("ex_2"), 1}));
  return flow;
}
FlowCase refused() {
  FlowCase flow = calling();
  flow.refuse("it");
  return flow;
}
FlowCase cancelled() {
  FlowCase flow = calling();
  REQUIRE(flow.take(engine::Cancel{"somebody"}));
  return flow;
}

struct State {
  std::string name;
  std::function<FlowCase()> make;
};

std::vector<State> states() {
  return {
      {"queued", [] { return with_handlers(kCall, "concurrency: { group: one, limit: 1, on-limit: skip }\n"); }},
      {"calling", calling},
      {"backing off", [] { return after(calling(), FailureClass::kNotSent); }},
      {"deferred", [] { return after(calling(), FailureClass::kDeferred); }},
      {"sleeping", [] { return begun("{ id: it, sleep: 1h }"); }},
      {"waiting for approval", [] { return begun("{ id: it, wait-for: { approval: {} } }"); }},
      {"waiting for callback", [] { return begun("{ id: it, wait-for: { callback: {} } }"); }},
      {"calling a workflow", [] { return begun("{ id: it, call: other }"); }},
      {"in a called workflow", in_child},
      {"in on-failure", refused},
      {"in finally", [] { FlowCase flow = calling(); flow.answer("it"); return flow; }},
      {"failed, in finally", [] { FlowCase flow = refused(); flow.answer("sorry"); return flow; }},
      {"cancelled, in finally", cancelled},
      {"succeeded", [] { FlowCase flow = calling(); flow.answer("it").answer("bye"); return flow; }},
      {"failed", [] { FlowCase flow = refused(); flow.answer("sorry").answer("bye"); return flow; }},
      {"cancelled", [] { FlowCase flow = cancelled(); flow.answer("bye"); return flow; }},
  };
}

struct Happening {
  std::string name;
  std::function<engine::Fact(const EffectId&)> make;  ///< about this effect, where it is about one
};

engine::Fact call_failed(const EffectId& effect, FailureClass failure_class) {
  engine::CallFailed failure = failed(failure_class);
  failure.effect = effect;
  failure.worth_retrying = failure_class != FailureClass::kRejected;
  return failure;
}

engine::Fact signal(engine::Signal::Kind kind) { return engine::Signal{.path = "it", .kind = kind, .by = "ann", .comment = "", .payload = nullptr}; }

std::vector<Happening> happenings() {
  using domain::ExecutionStatus;
  using Kind = engine::Signal::Kind;
  const auto child_ended = [](ExecutionStatus status) {
    return [status](const EffectId& id) { return engine::ChildEnded{id, ExecutionId("ex_2"), status, Json::object(), {}}; };
  };
  return {
      {"Begin", [](const EffectId&) { return engine::Begin{}; }},
      {"GroupFull", [](const EffectId&) { return engine::GroupFull{1}; }},
      {"CallSucceeded", [](const EffectId& id) { return engine::CallSucceeded{id, Json::object()}; }},
      {"CallFailed, not sent", [](const EffectId& id) { return call_failed(id, FailureClass::kNotSent); }},
      {"CallFailed, rejected", [](const EffectId& id) { return call_failed(id, FailureClass::kRejected); }},
      {"CallFailed, deferred", [](const EffectId& id) { return call_failed(id, FailureClass::kDeferred); }},
      {"CallFailed, unknown", [](const EffectId& id) { return call_failed(id, FailureClass::kUnknown); }},
      {"TimerFired", [](const EffectId& id) { return engine::TimerFired{id}; }},
      {"ChildStarted", [](const EffectId& id) { return engine::ChildStarted{id, ExecutionId("ex_2"), 1}; }},
      {"ChildRefused", [](const EffectId& id) { return engine::ChildRefused{id, "child_failed", "no such workflow"}; }},
      {"ChildEnded, succeeded", child_ended(ExecutionStatus::kSucceeded)},
      {"ChildEnded, failed", child_ended(ExecutionStatus::kFailed)},
      {"ChildEnded, cancelled", child_ended(ExecutionStatus::kCancelled)},
      {"Signal, approve", [](const EffectId&) { return signal(Kind::kApprove); }},
      {"Signal, reject", [](const EffectId&) { return signal(Kind::kReject); }},
      {"Signal, callback", [](const EffectId&) { return signal(Kind::kCallback); }},
      {"Cancel", [](const EffectId&) { return engine::Cancel{"somebody"}; }},
      {"Cancel, finally too", [](const EffectId&) { return engine::Cancel{"somebody", true}; }},
      {"Broke", [](const EffectId&) { return engine::Broke{"a defect"}; }},
  };
}

struct Move {
  std::string from;
  std::string fact;
  std::string to;
};

/// Every pair that is not here is ignored: nothing changes.
const std::vector<Move>& moves() {
  static const std::vector<Move> table = {
      {"queued", "Begin", "calling"},
      {"queued", "GroupFull", "cancelled"},
      {"queued", "Cancel", "cancelled"},
      {"queued", "Broke", "failed"},
      {"calling", "CallSucceeded", "in finally"},
      {"calling", "CallFailed, not sent", "backing off"},
      {"calling", "CallFailed, rejected", "in on-failure"},
      {"calling", "CallFailed, deferred", "deferred"},
      {"calling", "CallFailed, unknown", "in on-failure"},
      {"calling", "Cancel", "cancelled, in finally"},
      {"calling", "Broke", "failed"},
      {"backing off", "CallSucceeded", "in finally"},
      {"backing off", "CallFailed, not sent", "backing off"},
      {"backing off", "CallFailed, rejected", "in on-failure"},
      {"backing off", "CallFailed, deferred", "deferred"},
      {"backing off", "CallFailed, unknown", "in on-failure"},
      {"backing off", "Cancel", "cancelled, in finally"},
      {"backing off", "Broke", "failed"},
      {"deferred", "CallSucceeded", "in finally"},
      {"deferred", "CallFailed, not sent", "backing off"},
      {"deferred", "CallFailed, rejected", "in on-failure"},
      {"deferred", "CallFailed, deferred", "deferred"},
      {"deferred", "CallFailed, unknown", "in on-failure"},
      {"deferred", "Cancel", "cancelled, in finally"},
      {"deferred", "Broke", "failed"},
      {"sleeping", "TimerFired", "in finally"},
      {"sleeping", "Cancel", "cancelled, in finally"},
      {"sleeping", "Broke", "failed"},
      {"waiting for approval", "TimerFired", "in on-failure"},
      {"waiting for approval", "Signal, approve", "in finally"},
      {"waiting for approval", "Signal, reject", "in on-failure"},
      {"waiting for approval", "Cancel", "cancelled, in finally"},
      {"waiting for approval", "Broke", "failed"},
      {"waiting for callback", "TimerFired", "in on-failure"},
      {"waiting for callback", "Signal, callback", "in finally"},
      {"waiting for callback", "Cancel", "cancelled, in finally"},
      {"waiting for callback", "Broke", "failed"},
      {"calling a workflow", "ChildStarted", "in a called workflow"},
      {"calling a workflow", "ChildRefused", "in on-failure"},
      {"calling a workflow", "ChildEnded, succeeded", "in finally"},
      {"calling a workflow", "ChildEnded, failed", "in on-failure"},
      {"calling a workflow", "ChildEnded, cancelled", "in on-failure"},
      {"calling a workflow", "Cancel", "cancelled, in finally"},
      {"calling a workflow", "Broke", "failed"},
      {"in a called workflow", "ChildRefused", "in on-failure"},
      {"in a called workflow", "ChildEnded, succeeded", "in finally"},
      {"in a called workflow", "ChildEnded, failed", "in on-failure"},
      {"in a called workflow", "ChildEnded, cancelled", "in on-failure"},
      {"in a called workflow", "Cancel", "cancelled, in finally"},
      {"in a called workflow", "Broke", "failed"},
      {"in on-failure", "CallSucceeded", "failed, in finally"},
      {"in on-failure", "CallFailed, not sent", "in on-failure"},
      {"in on-failure", "CallFailed, rejected", "failed, in finally"},
      {"in on-failure", "CallFailed, deferred", "in on-failure"},
      {"in on-failure", "CallFailed, unknown", "failed, in finally"},
      {"in on-failure", "Cancel", "cancelled, in finally"},
      {"in on-failure", "Broke", "failed"},
      {"in finally", "CallSucceeded", "succeeded"},
      {"in finally", "CallFailed, not sent", "in finally"},
      {"in finally", "CallFailed, rejected", "succeeded"},
      {"in finally", "CallFailed, deferred", "in finally"},
      {"in finally", "CallFailed, unknown", "succeeded"},
      {"in finally", "Cancel", "cancelled, in finally"},
      {"in finally", "Broke", "failed"},
      {"failed, in finally", "CallSucceeded", "failed"},
      {"failed, in finally", "CallFailed, not sent", "failed, in finally"},
      {"failed, in finally", "CallFailed, rejected", "failed"},
      {"failed, in finally", "CallFailed, deferred", "failed, in finally"},
      {"failed, in finally", "CallFailed, unknown", "failed"},
      {"failed, in finally", "Cancel", "cancelled, in finally"},
      {"failed, in finally", "Broke", "failed"},
      {"cancelled, in finally", "CallSucceeded", "cancelled"},
      {"cancelled, in finally", "CallFailed, not sent", "cancelled, in finally"},
      {"cancelled, in finally", "CallFailed, rejected", "cancelled"},
      {"cancelled, in finally", "CallFailed, deferred", "cancelled, in finally"},
      {"cancelled, in finally", "CallFailed, unknown", "cancelled"},
      {"cancelled, in finally", "Cancel, finally too", "cancelled"},
      {"cancelled, in finally", "Broke", "cancelled"},
  };
  return table;
}

std::string expected(const std::string& state, const std::string& fact) {
  const auto& table = moves();
  const auto move = std::find_if(table.begin(), table.end(), [&](const Move& m) { return m.from == state && m.fact == fact; });
  return move == table.end() ? "ignored" : move->to;
}

std::string page() {
  std::ifstream file(std::string(IPAAS_SOURCE_DIR) + "/core/engine/STATES.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("each state is made as it is named") {
  for (const State& state : states()) CHECK(state_of(state.make()) == state.name);
}

TEST_CASE("every state meets every fact") {
  for (const State& state : states()) {
    for (const Happening& happening : happenings()) {
      FlowCase flow = state.make();
      // About what is open, whatever its kind: an answer of the wrong kind must not be taken.
      const EffectId open = flow.snapshot.effects.empty() ? EffectId("ex_1/it/1") : flow.snapshot.effects.front().id;
      const std::string became = flow.take(happening.make(open)) ? state_of(flow) : "ignored";
      INFO(state.name << " x " << happening.name);
      CHECK(became == expected(state.name, happening.name));
    }
  }
}

TEST_CASE("no state takes an answer to what is not open") {
  for (const State& state : states()) {
    for (const Happening& happening : happenings()) {
      FlowCase flow = state.make();
      const engine::Fact fact = happening.make(EffectId("ex_1/it/77"));
      const bool of_effect = std::visit([](const auto& known) { return requires { known.effect; }; }, fact);
      if (!of_effect) continue;
      INFO(state.name << " x " << happening.name);
      CHECK(!flow.take(fact));
    }
  }
}

TEST_CASE("every fact comes once: a second time it is ignored or finds the next state") {
  for (const Move& move : moves()) {
    const auto all = states();
    const auto state = std::find_if(all.begin(), all.end(), [&](const State& s) { return s.name == move.from; });
    const auto facts = happenings();
    const auto happening = std::find_if(facts.begin(), facts.end(), [&](const Happening& h) { return h.name == move.fact; });
    REQUIRE((state != all.end() && happening != facts.end()));
    FlowCase flow = state->make();
    const EffectId open = flow.snapshot.effects.empty() ? EffectId() : flow.snapshot.effects.front().id;
    const engine::Fact fact = happening->make(open);
    REQUIRE(flow.take(fact));
    INFO(move.from << " x " << move.fact << " twice");
    CHECK(!flow.take(fact));
  }
}

TEST_CASE("the page shows the table and the diagram that are tested") {
  const std::string text = page();
  std::string table = "| in | comes | then |\n|---|---|---|\n";
  for (const Move& move : moves()) table += "| " + move.from + " | " + move.fact + " | " + move.to + " |\n";
  CHECK(text.find(table) != std::string::npos);
  const auto quoted = [](std::string name) {
    std::replace(name.begin(), name.end(), ' ', '_');
    std::erase(name, ',');
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  };
  for (const Move& move : moves()) {
    if (move.from == move.to || move.fact == "Broke" || move.fact == "Cancel") continue;
    const std::string arrow = "    " + quoted(move.from) + " --> " + quoted(move.to) + "\n";
    INFO("the diagram lacks" << arrow);
    CHECK(text.find(arrow) != std::string::npos);
  }
}

}  // namespace ipaas::test
