// When a schedule is due.
#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"

namespace ipaas::service {

/// After `from`; nothing where the expression or the zone is none, or never comes again.
[[nodiscard]] std::optional<Instant> next_instant(const std::string& cron, const std::string& timezone, Instant from);

}  // namespace ipaas::service
