// Times as text in a format that somebody chose, and calendar arithmetic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/time_zone.h"

namespace ipaas::language {

/// What is longer is not read at all: an expression pays for a time, and not for each of its bytes.
inline constexpr std::size_t kLongestTime = 128;
inline constexpr std::size_t kLongestTimeFormat = 256;

/// Writes an instant on the clocks of a zone. Formats are strftime's, in English: `%Y %y %m %d %e %j %H %I %p %M %S %F %T
/// %R %B %b %A %a %u %w %G %V %Z %%`, and beside them `%L` (milliseconds), `%s` (Unix seconds), `%z` (`+0100`), `%:z`
/// (`+01:00`). Error `bad_format` for any other, and for a format without any.
[[nodiscard]] Result<std::string> format_time(Instant instant, std::string_view format, const date::time_zone& zone);

/// Reads what format_time writes; `%j %u %w %G %V %Z` are not read. White space in the format stands for any. What is
/// not read is the first of the month, midnight; without an offset the time is on the clocks of the zone. Error
/// `bad_time`.
[[nodiscard]] Result<Instant> read_time(std::string_view text, std::string_view format, const date::time_zone& zone);

/// Reads RFC 3339, a date, or a date and a time without an offset, which are on the clocks of the zone.
[[nodiscard]] Result<Instant> read_usual_time(std::string_view text, const date::time_zone& zone);

/// A span on the calendar: `-1mo`, `+1y6mo`, `2w3d`, `90m`. A sign holds for all of it.
struct CalendarSpan {
  std::int64_t months = 0;
  std::int64_t days = 0;
  Duration exact{};
};

/// Units: y mo w d h m s ms. Error `bad_duration`.
[[nodiscard]] Result<CalendarSpan> parse_span(std::string_view text);

/// Months first, where the day may become the last of its month; then days, both on the clocks of the zone; then the
/// rest. Empty when the result is outside the years 0 to 9999.
[[nodiscard]] std::optional<Instant> add_span(Instant instant, const CalendarSpan& span, const date::time_zone& zone);

/// Years 0 to 9999, which RFC 3339 can write.
[[nodiscard]] bool is_writable(Instant instant);

}  // namespace ipaas::language
