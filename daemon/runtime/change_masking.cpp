#include "daemon/runtime/change_masking.h"

namespace ipaas::daemon {

void mask_change(domain::ExecutionChange& change, const security::Masker& masker) {
  const auto mask_failure = [&](std::optional<domain::Failure>& failure) {
    if (failure) failure->message = masker.mask(failure->message);
  };
  for (domain::LogEntry& line : change.logs) line.text = masker.mask(line.text);
  for (domain::Attempt& attempt : change.attempts) attempt.message = masker.mask(attempt.message);
  change.steps.change_each([&](domain::Step& step) { mask_failure(step.error); });
  mask_failure(change.execution.error);
}

}  // namespace ipaas::daemon
