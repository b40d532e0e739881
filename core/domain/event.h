// Something that happened.
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/domain/trigger.h"

namespace ipaas::domain {

struct Event {
  EventId id;
  TenantId tenant;
  WorkflowId workflow;
  TriggerKind trigger = TriggerKind::kManual;
  Instant received_at{};
  Json payload;  ///< the `event` context of expressions: body, headers, query … by trigger
};

}  // namespace ipaas::domain
