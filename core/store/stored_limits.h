// How much of what was stored is read back.
#pragma once

#include "core/base/json.h"

namespace ipaas::store {

/// What was stored was within bounds when it came; an event or a decision may have wrapped it a few levels deeper since.
inline constexpr JsonLimits kStoredLimits{.depth = 1024, .bytes = 1024UL * 1024 * 1024};

}  // namespace ipaas::store
