// What came in at a webhook, and playing it again.
#pragma once

#include <string>
#include <vector>

#include "core/service/executions.h"

namespace ipaas::service {

/// Waits until what has just come in can be read. Of one workflow, the newest first: every one that was accepted or kept, and of the others a sample.
[[nodiscard]] Result<std::vector<domain::Delivery>> list_deliveries(const Context& context, const std::string& workflow,
                                                                    std::size_t limit);

/// Starts a new execution of the workflow's newest version on what the delivery carried; neither filter nor dedupe are
/// asked. kConflict for a delivery that was not kept and for a workflow that is disabled, is gone or has no webhook any
/// more. `done` may run on another thread.
void replay_delivery(const Context& context, const EventId& id, std::function<void(Result<Started>)> done);

}  // namespace ipaas::service
