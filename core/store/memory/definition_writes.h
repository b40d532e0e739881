// Writes that concern workflows and credentials, in memory.
#pragma once

#include "core/store/memory/tables.h"

namespace ipaas::store::memory {

// Each applies the write or refuses it without a trace. The caller holds the lock of the tables.
[[nodiscard]] Result<Outcome> save(Tables& tables, const SaveWorkflows& write);
[[nodiscard]] Result<Outcome> set_enabled(Tables& tables, const SetWorkflowEnabled& write);
[[nodiscard]] Result<Outcome> remove(Tables& tables, const DeleteWorkflow& write);
[[nodiscard]] Result<Outcome> create(Tables& tables, const CreateCredential& write);
[[nodiscard]] Result<Outcome> remove(Tables& tables, const DeleteCredential& write);

}  // namespace ipaas::store::memory
