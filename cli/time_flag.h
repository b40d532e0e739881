// Times in the past, as flags name them.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace ipaas::cli {

/// A duration ago, `15m`, or an instant itself. A usage error that names the flag otherwise.
[[nodiscard]] Result<Instant> past_instant(const std::string& flag, const std::string& text, Instant now);

}  // namespace ipaas::cli
