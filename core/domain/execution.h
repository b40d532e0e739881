// One run of one workflow version.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/keyed_list.h"
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

/// What an execution is busy with. A cancelled one goes from wherever it is to kFinally.
enum class Phase { kMain, kOnFailure, kFinally };

enum class Priority { kLow, kNormal, kHigh };

/// Why an execution exists, where another one started it.
struct Parent {
  ExecutionId execution;
  EffectId effect;  ///< of the parent: its kChild
};

/// At most this many calls, or ends that start the next workflow, follow from one event.
inline constexpr int kDeepest = 8;

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
  std::uint64_t seed = 0;  ///< jitter and uuid() come from it
  int engine_version = 1;
  Phase phase = Phase::kMain;
  Priority priority = Priority::kNormal;
  Instant created_at{};
  std::optional<Instant> started_at;
  /// Nothing is done any more. A cancelled execution has its status at once, and ends when `finally` has.
  std::optional<Instant> ended_at;
  Duration active{};                         ///< spent so far; durable waits do not count
  std::optional<Instant> active_since = {};  ///< counting since then
  Json inputs = Json::object();
  Json outputs;  ///< null until it succeeded
  std::optional<Failure> error;

  /// Of `concurrency`, for which it takes a slot. An empty name is a name like any other.
  std::optional<std::string> group = {};
  int group_limit = 1;
  std::vector<std::string> held = {};  ///< groups in which an ancestor has a slot already
  int depth = 0;                  ///< calls and ends of workflows that led to it
  std::vector<WorkflowId> led_by = {};  ///< those workflows, the first one first
  std::optional<Parent> parent = {};
  std::string starter = {};       ///< who started it by hand; empty for nobody
  ExecutionId retry_of = {};      ///< the execution that this one repeats
  /// By step path: the keys of calls of that execution of which nobody knows whether they happened.
  std::map<std::string, std::string> idempotency_keys = {};
  Json vars = Json::object();     ///< of the tenant, as they were when it began
  /// A failed execution that nobody has looked after is a dead letter.
  enum class Care { kNone, kRetried, kDiscarded };
  Care care = Care::kNone;
};

[[nodiscard]] inline bool has_ended(const Execution& execution) { return execution.ended_at.has_value(); }

/// The group in which it takes a slot of its own: none where an ancestor has one there already.
[[nodiscard]] std::optional<std::string> own_group(const Execution& execution);

/// What stands in front of whatever follows from it: the workflows that have led to it, and its own.
[[nodiscard]] std::vector<WorkflowId> led_by(const Execution& execution);

/// An effect that belongs to no step: `<execution>/<kind>`.
[[nodiscard]] Effect effect_of(const Execution& execution, EffectKind kind, Instant due);

/// All that a decision may look at.
struct ExecutionSnapshot {
  Execution execution;
  Event event;
  Json payload;                  ///< of the event, the `event` context of expressions: body, headers … by trigger
  KeyedList<Step> steps;         ///< in the order they began
  KeyedList<Effect> effects;     ///< decided and not known to be done
};

/// All that a decision may do; committed whole or not at all.
struct ExecutionChange {
  Execution execution;              ///< as it is afterwards, its revision counted up
  KeyedList<Step> steps;            ///< new or changed, whole
  std::vector<Attempt> attempts;    ///< ended tries
  std::vector<Effect> effects;      ///< to be done
  std::vector<EffectId> finished;   ///< done, or not to be done any more: a call of these that still runs is cancelled
  std::vector<LogEntry> logs;
};

/// What the snapshot is once the change is committed.
void apply(ExecutionSnapshot& snapshot, const ExecutionChange& change);

}  // namespace ipaas::domain
