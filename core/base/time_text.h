// Instants and durations as people and programs write them.
#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace ipaas {

/// RFC 3339 in UTC with milliseconds: `2026-11-21T20:35:00.123Z`.
[[nodiscard]] std::string format_instant(Instant instant);

/// Reads RFC 3339 with `Z` or an offset; fractions beyond milliseconds are cut.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

/// `250ms`, `30s`, `5m`, `4h`, `7d`, `2w`, and sums such as `1h30m`. Never negative.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// The shortest exact form that parse_duration reads back: `90s` is `1m30s`.
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace ipaas
