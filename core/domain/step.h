// What became of one step of an execution, and of each try.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/domain/failure.h"

namespace ipaas::domain {

enum class StepStatus { kRunning, kWaiting, kSucceeded, kFailed, kCancelled, kSkipped };

[[nodiscard]] constexpr std::string_view status_name(StepStatus status) {
  switch (status) {
    case StepStatus::kRunning: return "running";
    case StepStatus::kWaiting: return "waiting";
    case StepStatus::kSucceeded: return "succeeded";
    case StepStatus::kFailed: return "failed";
    case StepStatus::kCancelled: return "cancelled";
    case StepStatus::kSkipped: break;
  }
  return "skipped";
}

[[nodiscard]] constexpr bool is_final(StepStatus status) {
  return status != StepStatus::kRunning && status != StepStatus::kWaiting;
}

struct Step {
  std::string path;  ///< id of the step; of nested steps, ids joined as in `notify[3].send`
  std::string kind;  ///< uses, set, log, for-each …
  StepStatus status = StepStatus::kRunning;
  bool softened = false;   ///< failed, but `continue-on-error` let the execution go on
  bool sensitive = false;  ///< what it took and gave is never shown
  int attempts = 0;       ///< tries that count against max-attempts
  int sends = 0;          ///< tries of any kind; numbers the effects
  Instant started_at{};
  std::optional<Instant> ended_at;
  std::optional<Instant> deferred_since;  ///< when the present run of deferrals began
  std::optional<Instant> due_at = {};     ///< when a wait ends by itself
  Json outputs;                           ///< null until it succeeded
  std::optional<Failure> error;           ///< of the last try

  /// What the step took when it began, where it needs that later: the array that a `for-each` goes over; of a `wait-for`
  /// `{kind: approval | callback, message, roles, self}`. Never changed, so copies of the step share it.
  std::shared_ptr<const Json> items = {};
  // Of `for-each` and `parallel`:
  int begun = 0;    ///< rounds or branches that were begun
  int open = 0;     ///< of these, how many have not ended

  ExecutionId child = {};  ///< of `call`: what was started
};

[[nodiscard]] inline std::string_view key_of(const Step& step) { return step.path; }

/// One try of a step, kept for the reader of `execution get`.
struct Attempt {
  std::string path;
  int number = 1;  ///< of the send, from 1
  Instant started_at{};
  Instant ended_at{};
  std::string outcome;  ///< `succeeded` or the error code
  std::string message;
};

}  // namespace ipaas::domain
