// What a snapshot would cost to keep.
#pragma once

#include <cstddef>

#include "core/domain/execution.h"

namespace ipaas::daemon {

/// Whether the snapshot's payloads take at most so many bytes of memory, about; looks no further once they do not.
[[nodiscard]] bool takes_at_most(const domain::ExecutionSnapshot& snapshot, std::size_t bytes);

}  // namespace ipaas::daemon
