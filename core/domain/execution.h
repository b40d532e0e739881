// One run of one workflow version.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/effect.h"
#include "core/domain/event.h"
#include "core/domain/log_line.h"
#include "core/domain/step.h"

namespace ipaas::domain {

enum class ExecutionStatus { kQueued, kRunning, kWaiting, kSucceeded, kFailed, kCancelled };

[[nodiscard]] constexpr std::string_view status_name(ExecutionStatus status) {
  switch (status) {
    case ExecutionStatus::kQueued: return "queued";
    case ExecutionStatus::kRunning: return "running";
    case ExecutionStatus::kWaiting: return "waiting";
    case ExecutionStatus::kSucceeded: return "succeeded";
    case ExecutionStatus::kFailed: return "failed";
    case ExecutionStatus::kCancelled: break;
  }
  return "cancelled";
}

[[nodiscard]] std::optional<ExecutionStatus> execution_status_from_name(std::string_view name);
[[nodiscard]] std::optional<StepStatus> step_status_from_name(std::string_view name);

[[nodiscard]] constexpr bool is_final(ExecutionStatus status) {
  return status == ExecutionStatus::kSucceeded || status == ExecutionStatus::kFailed ||
         status == ExecutionStatus::kCancelled;
}

struct Execution {
  ExecutionId id;
  TenantId tenant;
  WorkflowId workflow;
  std::string workflow_name;
  int version = 1;
  EventId event;
  TriggerKind trigger = TriggerKind::kManual;
  ExecutionStatus status = ExecutionStatus::kQueued;
  /// Counts the committed decisions; a commit that was decided on an older one is refused.
  std::int64_t revision = 0;
  std::uint64_t seed = 0;  ///< jitter and, later, uuid() come from it
  int engine_version = 1;
  Instant created_at{};
  std::optional<Instant> started_at;
  std::optional<Instant> ended_at;
  Json inputs = Json::object();
  Json outputs;  ///< null until it succeeded
  std::optional<Failure> error;
};

/// All that a decision may look at.
struct ExecutionSnapshot {
  Execution execution;
  Event event;
  Json payload;                  ///< of the event, the `event` context of expressions: body, headers … by trigger
  std::vector<Step> steps;       ///< in the order they began
  std::vector<Effect> effects;   ///< decided and not known to be done
};

/// All that a decision may do; committed whole or not at all.
struct ExecutionChange {
  Execution execution;              ///< as it is afterwards, its revision counted up
  std::vector<Step> steps;          ///< new or changed, whole
  std::vector<Attempt> attempts;    ///< ended tries
  std::vector<Effect> effects;      ///< to be done
  std::vector<EffectId> finished;   ///< done, or not to be done any more: a call of these that still runs is cancelled
  std::vector<LogEntry> logs;
};

/// What the snapshot is once the change is committed.
void apply(ExecutionSnapshot& snapshot, const ExecutionChange& change);

}  // namespace ipaas::domain
