// The outbox in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

// The caller holds the lock of the tables.
void add_effect(Tables& tables, const domain::Execution& execution, domain::Effect effect,
                const std::optional<domain::BootId>& lease);
void remove_effect(Tables& tables, const ExecutionId& execution, const EffectId& id);
[[nodiscard]] bool has_effects(const Tables& tables, const ExecutionId& execution);

/// The start of a queued execution: unleased, and not due before.
void put_off_start(Tables& tables, const ExecutionId& execution, Instant due);
/// Due at once, unless it is leased: then somebody is about to begin it.
void hasten_start(Tables& tables, const ExecutionId& execution);

[[nodiscard]] Result<Outcome> lease(Tables& tables, const LeaseEffects& write);

}  // namespace ipaas::store::memory
