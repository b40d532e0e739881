// What is deleted in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

/// Applies the write or refuses it without a trace. The caller holds the lock of the tables.
[[nodiscard]] Result<Outcome> purge(Tables& tables, const PurgeExecutions& write);

}  // namespace ipaas::store::memory
