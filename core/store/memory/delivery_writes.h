// What came in at webhooks and what waits for an answer, in memory. The caller holds the lock.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

[[nodiscard]] Result<Outcome> note(Tables& tables, const NoteDeliveries& write);

[[nodiscard]] std::vector<OpenWait> open_waits(const Tables& tables, const TenantId& tenant, const OpenWait& after,
                                               std::size_t limit);
[[nodiscard]] Result<std::vector<domain::Delivery>> deliveries(const Tables& tables, const TenantId& tenant,
                                                               const WorkflowId& workflow, std::size_t limit);
[[nodiscard]] Result<KeptDelivery> delivery(const Tables& tables, const TenantId& tenant, const EventId& id);

}  // namespace ipaas::store::memory
