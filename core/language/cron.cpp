#include "core/language/cron.h"

#include <algorithm>
#include <bit>

namespace ipaas::language {
namespace {

using std::chrono::seconds;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2499;
// The calendar, weekdays included, repeats after this.
constexpr int kCalendarCycle = 400;

int days_in(date::year_month month) {
  return static_cast<int>(static_cast<unsigned>((month / date::last).day()));
}

// 0 is Sunday.
int weekday_of_first(date::year_month month) {
  return static_cast<int>(date::weekday(date::sys_days(month / 1)).c_encoding());
}

// A Saturday moves to Friday, a Sunday to Monday, never into another month.
int nearest_weekday(int day, int days, int weekday) {
  if (weekday == 6) return day == 1 ? 3 : day - 1;
  if (weekday == 0) return day == days ? day - 2 : day + 1;
  return day;
}

std::uint32_t bit(int day) { return std::uint32_t{1} << static_cast<unsigned>(day); }

std::uint32_t days_of_month(const CronDays& rule, int days, int first_weekday) {
  if (!rule.last_day && !rule.nearest_weekday) return rule.days_of_month & (bit(days) | (bit(days) - 1));
  int day = rule.last_day ? days - rule.before_last : rule.nearest_to;
  if (day < 1 || day > days) return 0;
  if (rule.nearest_weekday) day = nearest_weekday(day, days, (first_weekday + day - 1) % 7);
  return bit(day);
}

std::uint32_t days_of_week(const CronDays& rule, int days, int first_weekday) {
  std::uint32_t matching = 0;
  for (int day = 1; day <= days; ++day) {
    const bool listed = (rule.days_of_week >> static_cast<unsigned>((first_weekday + day - 1) % 7) & 1U) != 0;
    const bool right_week = (rule.nth == 0 || (day + 6) / 7 == rule.nth) && (!rule.last_of_weekday || day + 7 > days);
    if (listed && right_week) matching |= bit(day);
  }
  return matching;
}

/// The days of a month that match, bit n for day n.
std::uint32_t matching_days(const CronDays& rule, date::year_month month) {
  const int days = days_in(month);
  const int first_weekday = weekday_of_first(month);
  if (rule.any_day_of_week) return days_of_month(rule, days, first_weekday);
  if (rule.any_day_of_month) return days_of_week(rule, days, first_weekday);
  return days_of_month(rule, days, first_weekday) | days_of_week(rule, days, first_weekday);
}

/// The first set bit at or above `from`.
std::optional<int> next_bit(std::uint64_t bits, int from) {
  if (from > 63) return std::nullopt;
  bits &= ~std::uint64_t{0} << static_cast<unsigned>(from);
  return bits == 0 ? std::nullopt : std::optional(std::countr_zero(bits));
}

/// The last set bit at or below `from`.
std::optional<int> previous_bit(std::uint64_t bits, int from) {
  if (from < 0) return std::nullopt;
  bits &= ~std::uint64_t{0} >> static_cast<unsigned>(63 - from);
  return bits == 0 ? std::nullopt : std::optional(63 - std::countl_zero(bits));
}

int last_bit(std::uint64_t bits) { return 63 - std::countl_zero(bits); }

}  // namespace

/// Searches local time, which knows nothing of zones.
struct CronSearch {
  const CronSchedule& schedule;

  /// The first matching day in or after the month, from the given day of that month on.
  std::optional<date::local_days> next_day(date::year_month month, int from_day, int last_year) const {
    for (; month.year() <= date::year(last_year); month += date::months(1), from_day = 1) {
      if ((schedule.months_ >> static_cast<unsigned>(month.month()) & 1U) == 0) continue;
      if (const auto day = next_bit(matching_days(schedule.days_, month), from_day)) {
        return date::local_days(month / *day);
      }
    }
    return std::nullopt;
  }

  /// The first matching time of day at or after `from`, which is less than a day.
  std::optional<seconds> next_time(seconds from) const {
    const date::hh_mm_ss<seconds> at(from);
    int hour = static_cast<int>(at.hours().count());
    int minute = static_cast<int>(at.minutes().count());
    auto second = next_bit(schedule.seconds_, static_cast<int>(at.seconds().count()));
    if (!second) ++minute;
    const auto found_minute = next_bit(schedule.minutes_, minute);
    if (!found_minute) ++hour;
    const auto found_hour = next_bit(schedule.hours_, hour);
    if (!found_hour) return std::nullopt;
    const bool same_hour = found_minute && *found_hour == static_cast<int>(at.hours().count());
    const int use_minute = same_hour ? *found_minute : std::countr_zero(schedule.minutes_);
    const bool same_minute = same_hour && second && use_minute == static_cast<int>(at.minutes().count());
    const int use_second = same_minute ? *second : std::countr_zero(schedule.seconds_);
    return std::chrono::hours(*found_hour) + std::chrono::minutes(use_minute) + seconds(use_second);
  }

  /// The first matching local time at or after `from`.
  std::optional<date::local_seconds> next(date::local_seconds from) const {
    const auto today = date::floor<date::days>(from);
    const date::year_month_day date_of(today);
    const auto day_number = static_cast<int>(static_cast<unsigned>(date_of.day()));
    const date::year_month month = date_of.year() / date_of.month();
    auto day = next_day(month, day_number, kLastYear);
    if (day == today) {
      if (const auto time = next_time(from - today)) return *day + *time;
      day = next_day(month, day_number + 1, kLastYear);
    }
    if (!day) return std::nullopt;
    return *day + *next_time(seconds(0));
  }

  /// The last matching day in or before the month, up to the given day of that month.
  std::optional<date::local_days> previous_day(date::year_month month, int to_day) const {
    for (; month.year() >= date::year(kFirstYear); month -= date::months(1), to_day = 31) {
      if ((schedule.months_ >> static_cast<unsigned>(month.month()) & 1U) == 0) continue;
      if (const auto day = previous_bit(matching_days(schedule.days_, month), to_day)) {
        return date::local_days(month / *day);
      }
    }
    return std::nullopt;
  }

  /// The last matching time of day at or before `to`, which is less than a day.
  std::optional<seconds> previous_time(seconds to) const {
    const date::hh_mm_ss<seconds> at(to);
    int hour = static_cast<int>(at.hours().count());
    int minute = static_cast<int>(at.minutes().count());
    const auto second = previous_bit(schedule.seconds_, static_cast<int>(at.seconds().count()));
    if (!second) --minute;
    const auto found_minute = previous_bit(schedule.minutes_, minute);
    if (!found_minute) --hour;
    const auto found_hour = previous_bit(schedule.hours_, hour);
    if (!found_hour) return std::nullopt;
    const bool same_hour = found_minute && *found_hour == static_cast<int>(at.hours().count());
    const int use_minute = same_hour ? *found_minute : last_bit(schedule.minutes_);
    const bool same_minute = same_hour && second && use_minute == static_cast<int>(at.minutes().count());
    const int use_second = same_minute ? *second : last_bit(schedule.seconds_);
    return std::chrono::hours(*found_hour) + std::chrono::minutes(use_minute) + seconds(use_second);
  }

  /// The last matching local time at or before `to`.
  std::optional<date::local_seconds> previous(date::local_seconds to) const {
    const auto today = date::floor<date::days>(to);
    const date::year_month_day date_of(today);
    const auto day_number = static_cast<int>(static_cast<unsigned>(date_of.day()));
    const date::year_month month = date_of.year() / date_of.month();
    auto day = previous_day(month, day_number);
    if (day == today) {
      if (const auto time = previous_time(to - today)) return *day + *time;
      day = previous_day(month, day_number - 1);
    }
    if (!day) return std::nullopt;
    return *day + *previous_time(date::days(1) - seconds(1));
  }
};

bool CronSchedule::ever_matches() const {
  const date::year start(2000);
  return CronSearch{*this}.next_day(start / date::January, 1, 2000 + kCalendarCycle - 1).has_value();
}

namespace {

Instant at(date::local_seconds local, seconds offset) { return Instant((local - offset).time_since_epoch()); }

/// The local time from which a search at this instant begins. Where the clocks have just jumped forward that is the
/// begin of the jump: what was due at a skipped time runs now.
date::local_seconds local_start(date::sys_seconds start, const date::time_zone& zone) {
  const date::sys_info now = zone.get_info(start);
  auto offset = now.offset;
  if (start == now.begin) offset = std::min(offset, zone.get_info(start - seconds(1)).offset);
  return date::local_seconds((start + offset).time_since_epoch());
}

/// Puts a local time on the time line: the next valid instant when the clocks skip it, the first of two when they
/// show it twice.
Instant resolve(date::local_seconds local, const date::time_zone& zone) {
  const date::local_info info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent) return Instant(info.first.end.time_since_epoch());
  return at(local, info.first.offset);
}

}  // namespace

std::optional<Instant> CronSchedule::next(Instant from, const date::time_zone& zone, bool inclusive) const {
  const CronSearch search{*this};
  auto start = date::floor<seconds>(from);
  if (start != from || !inclusive) start += seconds(1);
  date::local_seconds local = local_start(start, zone);
  const date::local_info around = zone.get_info(local);
  if (around.result == date::local_info::ambiguous) {
    // The clocks show this hour twice: `first` and `second` are the two rounds, and this is where both end.
    const date::local_seconds end((around.first.end + around.first.offset).time_since_epoch());
    if (start < around.first.end) {
      const auto found = search.next(local);
      if (found && *found < end) return at(*found, around.first.offset);
      local = date::local_seconds((around.second.begin + around.second.offset).time_since_epoch());
    }
    if (interval_) {
      const auto found = search.next(local);
      if (found && *found < end) return at(*found, around.second.offset);
    }
    local = end;
  }
  const auto found = search.next(local);
  if (!found) return std::nullopt;
  return resolve(*found, zone);
}

std::optional<Instant> CronSchedule::previous(Instant from, const date::time_zone& zone, bool inclusive) const {
  const CronSearch search{*this};
  auto start = date::floor<seconds>(from);
  if (start == from && !inclusive) start -= seconds(1);
  date::local_seconds local((start + zone.get_info(start).offset).time_since_epoch());
  // From here on the clocks show an hour for the second time; before it they show it for the first.
  std::optional<date::local_seconds> first_round;
  if (const date::local_info around = zone.get_info(local); around.result == date::local_info::ambiguous) {
    first_round = date::local_seconds((around.second.begin + around.second.offset).time_since_epoch());
    if (start >= around.second.begin) {
      const auto found = interval_ ? search.previous(local) : std::nullopt;
      if (found && *found >= *first_round) return at(*found, around.second.offset);
      local = date::local_seconds((around.first.end + around.first.offset).time_since_epoch()) - seconds(1);
    }
  }
  const auto found = search.previous(local);
  if (!found) return std::nullopt;
  const bool whole_behind_us = !first_round || *found < *first_round;
  if (!interval_ || !whole_behind_us) return resolve(*found, zone);
  const date::local_info info = zone.get_info(*found);
  return info.result == date::local_info::ambiguous ? at(*found, info.second.offset) : resolve(*found, zone);
}

}  // namespace ipaas::language
