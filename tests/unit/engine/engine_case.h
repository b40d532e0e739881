// An execution that a test leads through its facts by hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/decide.h"
#include "core/language/workflow_parser.h"
#include "tests/support/catch.h"
#include "tests/support/fake_catalog.h"

namespace ipaas::test {

/// `steps` and whatever follows them, below `steps:` and indented as they are.
inline language::WorkflowPtr workflow_of(std::string_view steps) {
  static const FakeCatalog catalog;
  const std::string text = "name: demo\non: { manual: {} }\nsteps:\n" + std::string(steps);
  const auto parsed = language::parse_workflows(text, "demo.yaml", catalog);
  if (!parsed) FAIL(to_string(parsed.error().front()));
  return parsed->front();
}

/// What is committed after each decision, as a store would keep it.
class EngineCase {
 public:
  explicit EngineCase(std::string_view steps, Json body = nullptr) : workflow_(workflow_of(steps)) {
    domain::Execution& execution = snapshot.execution;
    execution.id = ExecutionId("ex_1");
    execution.tenant = TenantId("tn_1");
    execution.workflow = WorkflowId("wf_1");
    execution.workflow_name = "demo";
    execution.event = EventId("ev_1");
    execution.seed = 7;
    snapshot.event.id = execution.event;
    snapshot.payload = Json{{"body", std::move(body)}};
  }

  [[nodiscard]] std::optional<engine::Decision> decide(const engine::Fact& fact,
                                                       const engine::DecideLimits& limits = {}) const {
    return engine::decide(*workflow_, snapshot, fact, now, limits);
  }

  /// Decides and commits; the fact must matter.
  domain::ExecutionChange take(const engine::Fact& fact) {
    auto decision = decide(fact);
    if (!decision) FAIL("the fact did not matter");
    REQUIRE(decision->change.execution.revision == snapshot.execution.revision + 1);
    domain::apply(snapshot, decision->change);
    return std::move(decision->change);
  }
  domain::ExecutionChange begin() { return take(engine::Begin{}); }
  domain::ExecutionChange answer(Json outputs) { return take(engine::CallSucceeded{call().id, std::move(outputs)}); }
  domain::ExecutionChange refuse(engine::CallFailed failure) {
    failure.effect = call().id;
    return take(failure);
  }

  /// The one call that is out.
  [[nodiscard]] const domain::Effect& call() const {
    REQUIRE(snapshot.effects.size() == 1);
    return snapshot.effects.front();
  }
  [[nodiscard]] const domain::Step& step(std::string_view path) const {
    for (const domain::Step& step : snapshot.steps) {
      if (step.path == path) return step;
    }
    FAIL("no step " << path);
    return snapshot.steps.front();
  }
  [[nodiscard]] std::string status() const { return std::string(status_name(snapshot.execution.status)); }
  [[nodiscard]] std::string status_of(std::string_view path) const {
    return std::string(status_name(step(path).status));
  }
  [[nodiscard]] std::string error_code() const {
    return snapshot.execution.error ? snapshot.execution.error->code : "";
  }

  domain::ExecutionSnapshot snapshot;
  Instant now = from_millis(1'767'225'600'000);

 private:
  language::WorkflowPtr workflow_;
};

/// A failed try; the caller says what counts.
inline engine::CallFailed failed(engine::FailureClass failure_class, std::string code = "timeout") {
  engine::CallFailed failure;
  failure.failure_class = failure_class;
  failure.code = std::move(code);
  failure.message = "it went wrong";
  return failure;
}

/// Everything of a change as one text, to compare two of them.
inline std::string print(const domain::ExecutionChange& change) {
  Json text = Json::array();
  const auto error = [](const auto& e) { return e ? Json(e->code + ": " + e->message + " @" + e->step) : Json(); };
  const domain::Execution& x = change.execution;
  text.push_back({x.id.str(), status_name(x.status), x.revision, x.outputs, error(x.error),
                  x.ended_at ? to_millis(*x.ended_at) : 0});
  for (const auto& s : change.steps) {
    text.push_back({s.path, status_name(s.status), s.attempts, s.sends, s.outputs, error(s.error), s.softened});
  }
  for (const auto& e : change.effects) {
    text.push_back({e.id.str(), to_millis(e.due_at), e.call.inputs, e.call.idempotency_key, e.call.timeout.count()});
  }
  for (const auto& id : change.finished) text.push_back(id.str());
  for (const auto& a : change.attempts) text.push_back({a.path, a.number, a.outcome, a.message});
  for (const auto& l : change.logs) text.push_back({level_name(l.level), l.path, to_millis(l.at), l.text});
  return dump_json(text);
}

}  // namespace ipaas::test
