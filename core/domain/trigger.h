// What can start a workflow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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
  /// The workflow's, where schedules are read by due time.
  std::string workflow_name = {};
  int version = 1;
};

}  // namespace ipaas::domain
