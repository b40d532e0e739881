// The way back: what `previous` finds is what `next` goes through, also where the clocks change.
#include <algorithm>
#include <set>

#include "core/base/time_text.h"
#include "core/language/cron.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const date::time_zone& zone(std::string_view name) {
  const auto found = find_time_zone(name);
  REQUIRE(found);
  return **found;
}

std::string previous(std::string_view expression, std::string_view from, std::string_view zone_name = "UTC",
                     bool inclusive = false) {
  CAPTURE(std::string(expression));
  const auto schedule = CronSchedule::parse(expression);
  REQUIRE(schedule);
  const auto found = schedule->previous(*parse_instant(from), zone(zone_name), inclusive);
  return found ? format_instant(*found) : "never";
}

/// Every change of the zone's clocks in these years.
std::vector<Instant> changes(const date::time_zone& zone, std::string_view first, std::string_view last) {
  std::vector<Instant> found;
  auto at = date::floor<seconds>(*parse_instant(first));
  const auto end = date::floor<seconds>(*parse_instant(last));
  while ((at = zone.get_info(at).end) < end) found.emplace_back(at.time_since_epoch());
  return found;
}

struct Fields {
  int every_seconds;  ///< of the instants that are looked at
  bool interval;      ///< `*`, a range or a step in second, minute or hour
  bool (*matches)(seconds time_of_day, date::weekday day);
};

/// The rule of DST, told second by second: each instant whose clock matches, but the second showing of an hour only
/// for an interval; and where clocks jump forward, the jump itself if they skip a time that matches.
std::set<Instant> all_within(const Fields& fields, const date::time_zone& zone, Instant from, Instant to) {
  std::set<Instant> due;
  const auto matches = [&](date::local_seconds local) {
    const auto day = date::floor<date::days>(local);
    return fields.matches(local - day, date::weekday(day));
  };
  date::sys_info now{};
  date::sys_info before{};
  for (Instant at = from; at <= to; at += seconds(fields.every_seconds)) {
    const auto instant = date::floor<seconds>(at);
    if (instant >= now.end) {
      now = zone.get_info(instant);
      before = zone.get_info(now.begin - seconds(1));
    }
    const date::local_seconds local((instant + now.offset).time_since_epoch());
    const bool second_showing = local < date::local_seconds((now.begin + before.offset).time_since_epoch());
    if (matches(local) && (fields.interval || !second_showing)) due.insert(at);
    if (instant != now.begin || now.offset <= before.offset) continue;
    for (auto skipped = date::local_seconds((instant + before.offset).time_since_epoch()); skipped < local;
         skipped += seconds(fields.every_seconds)) {
      if (matches(skipped)) due.insert(at);
    }
  }
  return due;
}

void check_against_brute_force(const char* expression, const Fields& fields, const date::time_zone& in,
                               Instant around) {
  CAPTURE(std::string(expression), in.name(), format_instant(around));
  const auto schedule = CronSchedule::parse(expression);
  REQUIRE(schedule);
  const Instant from = around - hours(30);
  const Instant to = around + hours(30);
  const std::set<Instant> due = all_within(fields, in, from, to);
  REQUIRE(due.size() >= 2);

  std::set<Instant> forwards;
  for (auto at = schedule->next(from, in, true); at && *at <= to; at = schedule->next(*at, in)) forwards.insert(*at);
  CHECK(forwards == due);
  std::set<Instant> backwards;
  for (auto at = schedule->previous(to, in, true); at && *at >= from; at = schedule->previous(*at, in))
    backwards.insert(*at);
  CHECK(backwards == due);

  // From anywhere in between, not only from where it is due.
  for (Instant at = *due.begin() + seconds(1); at < *due.rbegin(); at += minutes(31) + seconds(13)) {
    CHECK(schedule->next(at, in, true) == *due.lower_bound(at));
    CHECK(schedule->next(at, in) == *due.upper_bound(at));
    CHECK(schedule->previous(at, in) == *std::prev(due.lower_bound(at)));
    CHECK(schedule->previous(at, in, true) == *std::prev(due.upper_bound(at)));
  }
}

constexpr const char* kZones[] = {"Europe/Berlin",    "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                                  "America/St_Johns", "Asia/Kathmandu",   "Europe/Dublin",       "UTC"};

}  // namespace

TEST_CASE("the previous instant is left out or in as it is asked for") {
  CHECK(previous("0 * * * *", "2026-01-01T01:00:00Z") == "2026-01-01T00:00:00.000Z");
  CHECK(previous("0 * * * *", "2026-01-01T01:00:00Z", "UTC", true) == "2026-01-01T01:00:00.000Z");
  CHECK(previous("0 * * * *", "2026-01-01T01:00:00.001Z") == "2026-01-01T01:00:00.000Z");
  CHECK(previous("30 7 * * MON-FRI", "2026-11-22T00:00:00Z", "Europe/Berlin") == "2026-11-20T06:30:00.000Z");
  CHECK(previous("15 30 7 L * *", "2026-03-30T00:00:00Z") == "2026-02-28T07:30:15.000Z");
  CHECK(previous("0 0 29 2 *", "2026-01-01T00:00:00Z") == "2024-02-29T00:00:00.000Z");
  CHECK(previous("0 0 31 * *", "2026-07-01T00:00:00Z") == "2026-05-31T00:00:00.000Z");
  CHECK(previous("0 0 1 1 *", "1970-01-01T00:00:00Z") == "never");
  CHECK(previous("0 0 1 1 *", "1970-01-01T00:00:00Z", "UTC", true) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("next and previous are those of a search second by second, wherever clocks change") {
  const Fields quarter{60, true, [](seconds time, date::weekday) { return time.count() % 900 == 0; }};
  const Fields hourly{60, true, [](seconds time, date::weekday) { return time.count() % 3600 == 300; }};
  const Fields at_half_past_two{60, false, [](seconds time, date::weekday) { return time == hours(2) + minutes(30); }};
  const Fields at_quarter_to_two{60, false, [](seconds time, date::weekday) { return time == hours(1) + minutes(45); }};
  const Fields nightly_range{60, true, [](seconds time, date::weekday) {
                               return time.count() % 60 == 0 && time >= hours(1) && time < hours(3) &&
                                      (time.count() / 60) % 20 == 10;
                             }};
  for (const char* name : kZones) {
    const date::time_zone& in = zone(name);
    std::vector<Instant> around = changes(in, "2024-01-01T00:00:00Z", "2026-12-31T00:00:00Z");
    if (around.empty()) around.push_back(*parse_instant("2026-02-28T22:00:00Z"));
    for (const Instant change : around) {
      check_against_brute_force("*/15 * * * *", quarter, in, change);
      check_against_brute_force("5 * * * *", hourly, in, change);
      check_against_brute_force("30 2 * * *", at_half_past_two, in, change);
      check_against_brute_force("45 1 * * *", at_quarter_to_two, in, change);
      check_against_brute_force("10-59/20 1-2 * * *", nightly_range, in, change);
    }
    check_against_brute_force("7,27,47 59 1 * * *",
                              {1, false,
                               [](seconds time, date::weekday) {
                                 return time >= hours(1) + minutes(59) && time < hours(2) && time.count() % 20 == 7;
                               }},
                              in, around.front());
    check_against_brute_force("7/20 0,59 1-2 * * *",
                              {1, true,
                               [](seconds time, date::weekday) {
                                 const auto minute = time.count() / 60 % 60;
                                 return time >= hours(1) && time < hours(3) && (minute == 0 || minute == 59) &&
                                        time.count() % 20 == 7;
                               }},
                              in, around.back());
    check_against_brute_force(
        "0 1,2,23 * * *",
        {60, false,
         [](seconds time, date::weekday) { return time == hours(1) || time == hours(2) || time == hours(23); }},
        in, around.back());
  }
}

TEST_CASE("going back and forth leads to the same instants, for every kind of day") {
  for (const char* expression : {"0 12 L * *", "0 12 LW * *", "0 12 L-3 * *", "0 12 15W * *", "0 12 L-2W * *",
                                 "0 12 * * 5L", "0 12 * * MON#2", "0 12 13 * FRI", "0 12 29 2 *", "0 12 31 * *",
                                 "0 12 * * FRI-SUN", "0 12 * * 5-7", "0 12 1,15 */2 *", "@yearly"}) {
    CAPTURE(std::string(expression));
    const auto schedule = CronSchedule::parse(expression);
    REQUIRE(schedule);
    for (const char* name : kZones) {
      const date::time_zone& in = zone(name);
      std::vector<Instant> forwards;
      Instant at = *parse_instant("2019-12-31T00:00:00Z");
      for (int i = 0; i < 60; ++i) {
        const auto found = schedule->next(at, in);
        REQUIRE(found);
        forwards.push_back(at = *found);
      }
      for (std::size_t i = forwards.size() - 1; i > 0; --i) {
        REQUIRE(schedule->previous(forwards[i], in) == forwards[i - 1]);
        REQUIRE(schedule->previous(forwards[i], in, true) == forwards[i]);
      }
    }
  }
}

TEST_CASE("a range may end with Sunday, and Sunday to Sunday is one day") {
  const auto friday_to_sunday = CronSchedule::parse("0 0 * * FRI-SUN");
  const auto in_numbers = CronSchedule::parse("0 0 * * 5-7");
  REQUIRE(friday_to_sunday);
  REQUIRE(in_numbers);
  Instant at = *parse_instant("2026-11-23T00:00:00Z");
  for (const char* due : {"2026-11-27", "2026-11-28", "2026-11-29", "2026-12-04"}) {
    const auto next = friday_to_sunday->next(at, zone("UTC"));
    REQUIRE(next);
    CHECK(format_instant(*next).starts_with(due));
    CHECK(in_numbers->next(at, zone("UTC")) == next);
    at = *next;
  }
  for (const char* sunday : {"0 0 * * 0-0", "0 0 * * SUN-SUN", "0 0 * * 7-7"}) {
    CHECK(CronSchedule::parse(sunday)->next(*parse_instant("2026-11-23T00:00:00Z"), zone("UTC")) ==
          *parse_instant("2026-11-29T00:00:00Z"));
  }
}
