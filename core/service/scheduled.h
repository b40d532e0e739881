// The event of a schedule's instant.
#pragma once

#include "core/domain/trigger.h"
#include "core/service/runtime.h"

namespace ipaas::service {

/// The inputs that the trigger gives, defaults for the others. Without its tick.
[[nodiscard]] Arrival scheduled_arrival(const domain::Schedule& schedule, language::WorkflowPtr definition,
                                        const language::ScheduleOn& on, Instant instant);

}  // namespace ipaas::service
