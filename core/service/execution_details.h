// An execution with what else helps whoever looks at it.
#pragma once

#include "core/service/context.h"

namespace ipaas::service {

enum class Payload { kLeftOut, kShown };

/// The view of the whole execution, masked, and besides: `scheduled_for` or `after`, the event where it is asked for;
/// `retried_as`; of one that waits for a slot its `queue`; why a dead letter cannot be retried (`retry`); of an open
/// approval, whether the caller may `decide` it; and of steps that stand inside another one, `within` or `handler`. What
/// cannot be read is left out.
[[nodiscard]] Json details(const Context& context, const domain::ExecutionSnapshot& snapshot,
                           Payload payload = Payload::kLeftOut);

}  // namespace ipaas::service
