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

void apply(ExecutionSnapshot& snapshot, const ExecutionChange& change) {
  snapshot.execution = change.execution;
  for (const Step& step : change.steps) {
    const auto known = std::find_if(snapshot.steps.begin(), snapshot.steps.end(),
                                    [&](const Step& other) { return other.path == step.path; });
    if (known == snapshot.steps.end()) {
      snapshot.steps.push_back(step);
    } else {
      *known = step;
    }
  }
  std::erase_if(snapshot.effects, [&](const Effect& effect) {
    return std::find(change.finished.begin(), change.finished.end(), effect.id) != change.finished.end();
  });
  snapshot.effects.insert(snapshot.effects.end(), change.effects.begin(), change.effects.end());
}

}  // namespace ipaas::domain
