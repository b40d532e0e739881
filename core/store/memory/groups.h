// Concurrency groups in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

/// Nothing where the execution, which waits, gets its slot; else kBusy, and its start is parked until `look_again`. The
/// caller holds the lock of the tables.
[[nodiscard]] std::optional<Outcome> refuse(Tables& tables, const ExecutionRow& row,
                                            const std::optional<Instant>& look_again);

/// Empty for one that does not wait for a slot. The caller holds the lock of the tables.
[[nodiscard]] GroupStanding standing(const Tables& tables, const ExecutionRow& row);

/// Settles in which group a new execution counts itself: not where an ancestor, who has not ended, has a slot for both.
void join(const Tables& tables, ExecutionRow& row);

/// Puts the execution where it belongs now, and wakes whoever is next in line where there is room. What an
/// execution that has ended leaves behind counts itself from then on.
void regroup(Tables& tables, const ExecutionRow& row);

}  // namespace ipaas::store::memory
