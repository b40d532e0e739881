// Time zones of the IANA database.
#pragma once

#include <date/tz.h>

#include <string_view>

#include "core/base/error.h"

namespace ipaas {

/// By its IANA name, such as `Europe/Berlin` or `UTC`; letter case counts. The zone lives as long as the program.
/// Error code `unknown_time_zone`. Thread-safe.
[[nodiscard]] Result<const date::time_zone*> find_time_zone(std::string_view name);

}  // namespace ipaas
