#include "tests/simulation/brain.h"

#include <algorithm>

namespace ipaas::simulation {
namespace {

/// The change forgets to finish what `stays` says.
template <typename Stays>
void keep_effects(const domain::ExecutionSnapshot& before, domain::ExecutionChange& change, Stays&& stays) {
  std::erase_if(change.finished, [&](const EffectId& id) {
    const domain::Effect* effect = before.effects.find(id.str());
    return effect != nullptr && stays(*effect);
  });
}

void forget_attempt(const domain::ExecutionSnapshot& before, domain::ExecutionChange& change) {
  change.steps.change_each([&](domain::Step& step) {
    const domain::Step* known = before.steps.find(step.path);
    if (known != nullptr && !domain::is_final(step.status)) step.attempts = known->attempts;
  });
}

}  // namespace

std::optional<engine::Decision> Brain::decide(const language::Workflow& workflow, const domain::ExecutionSnapshot& snapshot,
                                              engine::Fact fact, Instant now) const {
  auto* failed = std::get_if<engine::CallFailed>(&fact);
  if (mutation_ == Mutation::kUnknownRetriedBlindly && failed != nullptr) failed->repeatable = true;
  auto* child = std::get_if<engine::ChildEnded>(&fact);
  if (mutation_ == Mutation::kDoubtForgotten && child != nullptr) child->in_doubt = false;
  auto decision = engine::decide(workflow, snapshot, fact, now);
  if (decision) spoil(snapshot, fact, decision->change);
  return decision;
}

void Brain::spoil(const domain::ExecutionSnapshot& before, const engine::Fact& fact, domain::ExecutionChange& change) const {
  switch (mutation_) {
    case Mutation::kCancelKeepsEffects:
      if (std::holds_alternative<engine::Cancel>(fact)) keep_effects(before, change, [](const auto&) { return true; });
      break;
    case Mutation::kTimerStays:
      keep_effects(before, change, [](const domain::Effect& effect) { return effect.kind == domain::EffectKind::kTimer; });
      break;
    case Mutation::kAttemptsNotCounted:
      if (std::holds_alternative<engine::CallFailed>(fact)) forget_attempt(before, change);
      break;
    case Mutation::kSlotFreeBeforeFinally:
      // Slots follow from what has not ended.
      if (change.execution.phase == domain::Phase::kFinally) change.execution.ended_at = change.execution.started_at;
      break;
    case Mutation::kKeyChangesWithAttempt:
      for (domain::Effect& effect : change.effects) {
        if (!effect.call.idempotency_key.empty()) effect.call.idempotency_key += effect.id.str();
      }
      break;
    default:
      break;
  }
}

}  // namespace ipaas::simulation
