#include "core/engine/decide.h"

#include <algorithm>

#include "core/engine/deliberation.h"

namespace ipaas::engine {
namespace {

/// A call that still waits for its answer; a start has no answer.
const domain::Effect* find_call(const domain::ExecutionSnapshot& snapshot, const EffectId& id) {
  const domain::Effect* effect = snapshot.effects.find(id.str());
  return effect != nullptr && effect->kind == domain::EffectKind::kCall ? effect : nullptr;
}

/// Takes a fact to the deliberation; false where the fact no longer matters.
struct Consider {
  Deliberation& deliberation;
  const domain::ExecutionSnapshot& before;

  bool operator()(const Begin&) const {
    if (before.execution.status != domain::ExecutionStatus::kQueued) return false;
    deliberation.begin();
    return true;
  }
  bool operator()(const CallSucceeded& fact) const {
    const domain::Effect* effect = find_call(before, fact.effect);
    if (effect == nullptr) return false;
    deliberation.call_succeeded(*effect, fact.outputs);
    return true;
  }
  bool operator()(const CallFailed& fact) const {
    const domain::Effect* effect = find_call(before, fact.effect);
    if (effect == nullptr) return false;
    deliberation.call_failed(*effect, fact);
    return true;
  }
  bool operator()(const Cancel& fact) const {
    deliberation.cancel(fact.by);
    return true;
  }
  bool operator()(const Broke& fact) const {
    deliberation.break_off(fact.what);
    return true;
  }
  template <typename Other>
  bool operator()(const Other&) const {
    return false;
  }
};

}  // namespace

std::optional<Decision> decide(const language::Workflow& workflow, const domain::ExecutionSnapshot& execution,
                               const Fact& fact, Instant now, const DecideLimits& limits) {
  if (domain::is_final(execution.execution.status)) return std::nullopt;
  Deliberation deliberation(workflow, execution, now, limits);
  if (!std::visit(Consider{deliberation, execution}, fact)) return std::nullopt;
  return std::move(deliberation).take();
}

void enrol(const language::Workflow& workflow, domain::ExecutionSnapshot& execution, Instant) {
  execution.execution.priority = workflow.priority;
}

Result<ShapedAnswer> shape_answer(const language::Workflow&, const domain::ExecutionSnapshot&, Instant) {
  return ShapedAnswer{};
}

}  // namespace ipaas::engine
