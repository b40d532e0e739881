// When a schedule is due.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/time_zone.h"

namespace ipaas::language {

/// The days a month has for a schedule, as day-of-month and day-of-week say together.
struct CronDays {
  std::uint32_t days_of_month = 0;   ///< bit n: day n
  bool any_day_of_month = false;     ///< `*`
  bool last_day = false;             ///< `L`, `L-n`
  int before_last = 0;               ///< the n of `L-n`
  int nearest_to = 0;                ///< the n of `nW`
  bool nearest_weekday = false;      ///< `nW`, `LW`, `L-nW`
  std::uint8_t days_of_week = 0;     ///< bit n: weekday n, Sunday is 0
  bool any_day_of_week = false;      ///< `*`
  int nth = 0;                       ///< the k of `n#k`
  bool last_of_weekday = false;      ///< `nL`
};

/// A parsed cron expression. Immutable and thread-safe.
///
/// Fields are minute, hour, day of month, month and day of week, with an optional second first; lists, ranges,
/// steps, names (`JAN`, `MON`), `L`, `L-n`, `nW`, `LW`, `nL`, `n#k`, and `@yearly @annually @monthly @weekly @daily
/// @midnight @hourly`. When both day fields are set, a day that matches either is meant, as in crontab(5).
class CronSchedule {
 public:
  /// Errors name the field and what it may hold; a date that never comes, such as 30 February, is refused. Code
  /// `bad_cron`.
  [[nodiscard]] static Result<CronSchedule> parse(std::string_view expression);

  /// The first instant after `from` (or at it, when inclusive) that matches on the clocks of the zone.
  /// Daylight saving: a time that does not exist runs at the next valid instant; a time that exists twice runs
  /// once, the first time, unless the schedule is an interval (`*`, a range or a step in second, minute or hour),
  /// which follows the clock. Nothing when there is none up to the year 2499.
  [[nodiscard]] std::optional<Instant> next(Instant from, const date::time_zone& zone, bool inclusive = false) const;

  /// The last instant before `from` (or at it, when inclusive) of those that `next` goes through. Nothing when there is
  /// none from the year 1970 on.
  [[nodiscard]] std::optional<Instant> previous(Instant from, const date::time_zone& zone, bool inclusive = false) const;

  /// Day of month and day of week are both set: either matches, which surprises people.
  [[nodiscard]] bool sets_both_days() const { return !days_.any_day_of_month && !days_.any_day_of_week; }

 private:
  friend struct CronParser;
  friend struct CronSearch;

  [[nodiscard]] bool ever_matches() const;

  std::uint64_t seconds_ = 1;   ///< bit n: second n
  std::uint64_t minutes_ = 0;
  std::uint32_t hours_ = 0;
  std::uint16_t months_ = 0;    ///< bit n: month n, January is 1
  CronDays days_;
  bool interval_ = false;
};

}  // namespace ipaas::language
