#include "core/domain/execution.h"

#include <algorithm>

namespace ipaas::domain {

std::optional<ExecutionStatus> execution_status_from_name(std::string_view name) {
  using enum ExecutionStatus;
  for (const auto status : {kQueued, kRunning, kWaiting, kSucceeded, kFailed, kCancelled}) {
    if (status_name(status) == name) return status;
  }
  return std::nullopt;
}

std::optional<StepStatus> step_status_from_name(std::string_view name) {
  using enum StepStatus;
  for (const auto status : {kRunning, kWaiting, kSucceeded, kFailed, kCancelled, kSkipped}) {
    if (status_name(status) == name) return status;
  }
  return std::nullopt;
}

Effect effect_of(const Execution& execution, EffectKind kind, Instant due) {
  Effect effect;
  effect.id = EffectId(execution.id.str() + "/" + std::string(effect_name(kind)));
  effect.tenant = execution.tenant;
  effect.execution = execution.id;
  effect.kind = kind;
  effect.due_at = due;
  return effect;
}

std::optional<std::string> own_group(const Execution& execution) {
  const auto& held = execution.held;
  const bool shared = execution.group && std::find(held.begin(), held.end(), *execution.group) != held.end();
  return shared ? std::nullopt : execution.group;
}

std::vector<WorkflowId> led_by(const Execution& execution) {
  std::vector<WorkflowId> workflows = execution.led_by;
  workflows.push_back(execution.workflow);
  return workflows;
}

void apply(ExecutionSnapshot& snapshot, const ExecutionChange& change) {
  snapshot.execution = change.execution;
  for (const Step& step : change.steps) snapshot.steps.put(step);
  for (const EffectId& done : change.finished) snapshot.effects.erase(done.str());
  for (const Effect& effect : change.effects) snapshot.effects.put(effect);
}

}  // namespace ipaas::domain
