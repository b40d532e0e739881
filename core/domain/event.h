// Something that happened.
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/domain/trigger.h"

namespace ipaas::domain {

struct Event {
  EventId id;
  TenantId tenant;
  WorkflowId workflow;
  TriggerKind trigger = TriggerKind::kManual;
  Instant received_at{};
};

}  // namespace ipaas::domain
