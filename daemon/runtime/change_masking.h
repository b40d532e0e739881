// Secrets kept out of what a decision says.
#pragma once

#include "core/domain/execution.h"
#include "core/security/masker.h"

namespace ipaas::daemon {

/// Masks every text of the change that people get to read: log entries and the messages of attempts and failures.
void mask_change(domain::ExecutionChange& change, const security::Masker& masker);

}  // namespace ipaas::daemon
