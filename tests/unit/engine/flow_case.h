// An execution whose open effects a test answers by the path of their step.
#pragma once

#include "tests/unit/engine/engine_case.h"

namespace ipaas::test {

/// Like EngineCase, for workflows with more than one thing under way.
class FlowCase {
 public:
  /// The text after `name: demo` and `on:`.
  explicit FlowCase(std::string_view rest, Json body = nullptr) {
    static const FakeCatalog catalog;
    const std::string text = "name: demo\non: { manual: {} }\n" + std::string(rest);
    const auto parsed = language::parse_workflows(text, "demo.yaml", catalog);
    if (!parsed) FAIL(to_string(parsed.error().front()));
    workflow = parsed->front();
    domain::Execution& execution = snapshot.execution;
    execution.id = ExecutionId("ex_1");
    execution.tenant = TenantId("tn_1");
    execution.workflow_name = "demo";
    execution.event = EventId("ev_1");
    execution.seed = 7;
    snapshot.payload = Json{{"body", std::move(body)}};
  }

  /// Decides and commits; false where the fact did not matter.
  bool take(const engine::Fact& fact, const engine::DecideLimits& limits = {}) {
    auto decision = engine::decide(*workflow, snapshot, fact, now, limits);
    if (!decision) return false;
    domain::apply(snapshot, decision->change);
    last = std::move(decision->change);
    for (const auto& line : last.logs) logs += line.text + "\n";
    return true;
  }
  FlowCase& begin() {
    REQUIRE(take(engine::Begin{}));
    return *this;
  }

  /// The effect of the step that is of this kind and still to be done.
  [[nodiscard]] const domain::Effect* effect(std::string_view path,
                                             domain::EffectKind kind = domain::EffectKind::kCall) const {
    for (const domain::Effect& effect : snapshot.effects) {
      if (effect.path == path && effect.kind == kind) return &effect;
    }
    return nullptr;
  }
  [[nodiscard]] EffectId id_of(std::string_view path, domain::EffectKind kind = domain::EffectKind::kCall) const {
    const domain::Effect* found = effect(path, kind);
    if (found == nullptr) FAIL("nothing to be done for " << path << "; open: " << open());
    return found->id;
  }
  FlowCase& answer(std::string_view path, Json outputs = nullptr) {
    REQUIRE(take(engine::CallSucceeded{id_of(path), std::move(outputs)}));
    return *this;
  }
  FlowCase& refuse(std::string_view path) {
    engine::CallFailed failure = failed(engine::FailureClass::kRejected, "rejected");
    failure.worth_retrying = false;
    failure.effect = id_of(path);
    REQUIRE(take(failure));
    return *this;
  }
  FlowCase& fire(std::string_view path) {
    const EffectId id = id_of(path, domain::EffectKind::kTimer);
    now = std::max(now, effect(path, domain::EffectKind::kTimer)->due_at);
    REQUIRE(take(engine::TimerFired{id}));
    return *this;
  }

  /// `kind path` of everything that is still to be done, in order.
  [[nodiscard]] std::string open() const {
    std::string text;
    for (const domain::Effect& effect : snapshot.effects) {
      text += (text.empty() ? "" : ", ") + std::string(effect_name(effect.kind)) + " " + effect.path;
    }
    return text;
  }
  [[nodiscard]] std::string status() const { return std::string(status_name(snapshot.execution.status)); }
  [[nodiscard]] std::string status_of(std::string_view path) const {
    const domain::Step* step = snapshot.steps.find(path);
    return step == nullptr ? "none" : std::string(status_name(step->status));
  }
  [[nodiscard]] Json outputs_of(std::string_view path) const {
    const domain::Step* step = snapshot.steps.find(path);
    return step == nullptr ? Json("no step") : step->outputs;
  }
  [[nodiscard]] bool ended() const { return domain::has_ended(snapshot.execution); }
  [[nodiscard]] std::string error() const {
    const auto& error = snapshot.execution.error;
    return error ? error->code + " @" + error->step : "";
  }

  language::WorkflowPtr workflow;
  domain::ExecutionSnapshot snapshot;
  domain::ExecutionChange last;
  std::string logs;
  Instant now = from_millis(1'767'225'600'000);
};

}  // namespace ipaas::test
