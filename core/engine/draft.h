// An execution in the middle of a decision.
#pragma once

#include <string_view>

#include "core/domain/execution.h"

namespace ipaas::engine {

/// What was, and over it what has been decided so far.
struct Draft {
  const domain::ExecutionSnapshot& before;
  domain::ExecutionChange change;

  /// Null where no such step has begun. Valid until that step is put again.
  [[nodiscard]] const domain::Step* step(std::string_view path) const {
    const domain::Step* fresh = change.steps.find(path);
    return fresh != nullptr ? fresh : before.steps.find(path);
  }
};

/// In the place of what a sensitive step would say.
inline constexpr std::string_view kConcealed = "***REDACTED***";

[[nodiscard]] inline bool failed_hard(const domain::Step& step) {
  return step.status == domain::StepStatus::kFailed && !step.softened;
}

}  // namespace ipaas::engine
