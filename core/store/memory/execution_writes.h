// Writes that concern executions, in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

// Each applies the write or refuses it without a trace. The caller holds the lock of the tables.
[[nodiscard]] Result<Outcome> accept(Tables& tables, const AcceptEvent& write);
[[nodiscard]] Result<Outcome> advance(Tables& tables, const AdvanceExecution& write);
[[nodiscard]] Result<Outcome> finish(Tables& tables, const FinishEffects& write);
[[nodiscard]] Result<Outcome> note_crash(Tables& tables, const NoteCrash& write);
[[nodiscard]] Result<Outcome> discard(Tables& tables, const DiscardExecutions& write);

}  // namespace ipaas::store::memory
