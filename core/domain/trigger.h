// What can start a workflow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::domain {

enum class TriggerKind { kWebhook, kSchedule, kManual, kCall, kWorkflow };

[[nodiscard]] constexpr std::string_view trigger_name(TriggerKind kind) {
  switch (kind) {
    case TriggerKind::kWebhook: return "webhook";
    case TriggerKind::kSchedule: return "schedule";
    case TriggerKind::kManual: return "manual";
    case TriggerKind::kCall: return "call";
    case TriggerKind::kWorkflow: break;
  }
  return "workflow";
}

[[nodiscard]] constexpr TriggerKind trigger_from_name(std::string_view name) {
  if (name == "webhook") return TriggerKind::kWebhook;
  if (name == "schedule") return TriggerKind::kSchedule;
  if (name == "call") return TriggerKind::kCall;
  if (name == "workflow") return TriggerKind::kWorkflow;
  return TriggerKind::kManual;
}

/// What the webhook endpoint must know of a workflow before it reads the workflow itself.
struct WebhookTrigger {
  TenantId tenant;
  std::string tenant_name;
  WorkflowId workflow;
  std::string workflow_name;
  int version = 1;
  bool enabled = true;
};

/// A schedule is (workflow, cron, time zone) and stable over the workflow's versions.
struct Schedule {
  ScheduleId id;
  TenantId tenant;
  WorkflowId workflow;
  std::string cron;
  std::string timezone;
  std::optional<Instant> next_due;  ///< computed once and stored; nothing when the schedule never fires again
  /// The workflow's, where schedules are read over more than one of them.
  std::string workflow_name = {};
  int version = 1;
  /// When `next_due` starts its execution: jitter comes on top. Never later than the instant that follows.
  std::optional<Instant> fires_at = {};
  std::optional<Instant> paused_at = {};  ///< since then nothing fires
  bool enabled = true;                    ///< the workflow is
  std::optional<Instant> last_due = {};   ///< the newest instant that the schedule fired by itself
  Duration last_lag{};                    ///< how much later than it should
};

/// When the execution of `next_due` starts.
[[nodiscard]] inline std::optional<Instant> firing_instant(const Schedule& schedule) {
  return schedule.fires_at ? schedule.fires_at : schedule.next_due;
}

/// A time in which every instant of a schedule has fired: from `since` up to `until`, which is not in it.
struct FiredSpan {
  Instant since{};
  Instant until{};
};

/// `on.workflow`: an enabled workflow that starts when another one of its tenant ends.
struct EndListener {
  TenantId tenant;
  WorkflowId workflow;  ///< that is started
  std::string workflow_name;
  int version = 1;
  std::vector<std::string> names;  ///< of those whose end counts; `*` is every other one
  std::vector<std::string> when;   ///< which ends count: succeeded, failed, cancelled
};

}  // namespace ipaas::domain
