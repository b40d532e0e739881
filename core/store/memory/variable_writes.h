// Writes that concern variables, in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

// Each applies the write or refuses it without a trace. The caller holds the lock of the tables.
[[nodiscard]] Result<Outcome> set(Tables& tables, const SetVariable& write);
[[nodiscard]] Result<Outcome> remove(Tables& tables, const DeleteVariable& write);

}  // namespace ipaas::store::memory
