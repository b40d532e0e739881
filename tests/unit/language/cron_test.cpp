// Schedules beyond what the vectors say.
#include "core/language/cron.h"

#include "core/base/time_text.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

const date::time_zone& zone(std::string_view name) {
  const auto found = find_time_zone(name);
  REQUIRE(found);
  return **found;
}

std::string next(std::string_view expression, std::string_view from, std::string_view zone_name = "UTC",
                 bool inclusive = false) {
  CAPTURE(std::string(expression));
  const auto schedule = CronSchedule::parse(expression);
  REQUIRE(schedule);
  const auto found = schedule->next(*parse_instant(from), zone(zone_name), inclusive);
  return found ? format_instant(*found) : "never";
}

Error error_of(std::string_view expression) {
  CAPTURE(std::string(expression));
  const auto schedule = CronSchedule::parse(expression);
  REQUIRE_FALSE(schedule);
  return schedule.error();
}

}  // namespace

TEST_CASE("five fields are minutes to weekdays, six begin with seconds") {
  CHECK(next("30 7 * * MON-FRI", "2026-11-21T00:00:00Z") == "2026-11-23T07:30:00.000Z");
  CHECK(next("15 30 7 * * *", "2026-11-21T08:00:00Z") == "2026-11-22T07:30:15.000Z");
  CHECK(next("30 7 * * *", "2026-11-21T00:00:00Z", "Europe/Berlin") == "2026-11-21T06:30:00.000Z");
}

TEST_CASE("the start is left out unless it is asked for") {
  CHECK(next("0 * * * *", "2026-01-01T00:00:00Z") == "2026-01-01T01:00:00.000Z");
  CHECK(next("0 * * * *", "2026-01-01T00:00:00Z", "UTC", true) == "2026-01-01T00:00:00.000Z");
  CHECK(next("0 * * * *", "2026-01-01T00:00:00.001Z", "UTC", true) == "2026-01-01T01:00:00.000Z");
  CHECK(next("* * * * * *", "2026-01-01T00:00:00.500Z") == "2026-01-01T00:00:01.000Z");
}

TEST_CASE("when both day fields are set either matches") {
  CHECK(next("0 0 13 * FRI", "2026-11-07T00:00:00Z") == "2026-11-13T00:00:00.000Z");
  CHECK(next("0 0 14 * FRI", "2026-11-13T00:00:00Z") == "2026-11-14T00:00:00.000Z");
  CHECK(next("0 0 L * 1#1", "2026-11-02T00:00:00Z") == "2026-11-30T00:00:00.000Z");
  CHECK(next("0 0 30 2 MON", "2026-02-01T00:00:00Z") == "2026-02-02T00:00:00.000Z");
  CHECK(CronSchedule::parse("0 0 13 * FRI")->sets_both_days());
  CHECK_FALSE(CronSchedule::parse("0 0 13 * *")->sets_both_days());
}

TEST_CASE("Sunday is 0 and 7, and may end a range") {
  for (const char* sunday : {"0", "7", "SUN", "sun"}) {
    CHECK(next(std::string("0 0 * * ") + sunday, "2026-11-21T12:00:00Z") == "2026-11-22T00:00:00.000Z");
  }
  CHECK(next("0 0 * * SAT-SUN", "2026-11-21T12:00:00Z") == "2026-11-22T00:00:00.000Z");
}

TEST_CASE("names stand for schedules") {
  CHECK(next("@daily", "2026-11-21T12:00:00Z") == "2026-11-22T00:00:00.000Z");
  CHECK(next("@Hourly", "2026-11-21T12:00:00Z") == "2026-11-21T13:00:00.000Z");
  CHECK(next("@weekly", "2026-11-21T12:00:00Z") == "2026-11-22T00:00:00.000Z");
  CHECK(next("@monthly", "2026-11-21T12:00:00Z") == "2026-12-01T00:00:00.000Z");
  CHECK(next("@yearly", "2026-11-21T12:00:00Z") == "2027-01-01T00:00:00.000Z");
  CHECK(error_of("@dayly").hint == "did you mean `@daily`?");
}

TEST_CASE("a time that the clocks skip runs once, at the next valid instant") {
  // Berlin skips 02:00 to 03:00 on 2026-03-29.
  CHECK(next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin") == "2026-03-29T01:00:00.000Z");
  CHECK(next("30 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin") == "2026-03-30T00:30:00.000Z");
  // Asked in the very last second before the jump, and at the jump itself.
  CHECK(next("30 2 * * *", "2026-03-29T00:59:59Z", "Europe/Berlin") == "2026-03-29T01:00:00.000Z");
  CHECK(next("30 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin", true) == "2026-03-29T01:00:00.000Z");
}

TEST_CASE("a time that the clocks show twice runs once, an interval follows the clock") {
  // Berlin shows 02:00 to 03:00 twice on 2026-10-25.
  CHECK(next("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin") == "2026-10-25T00:30:00.000Z");
  CHECK(next("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin") == "2026-10-26T01:30:00.000Z");
  CHECK(next("*/30 * * * *", "2026-10-25T00:30:00Z", "Europe/Berlin") == "2026-10-25T01:00:00.000Z");
  CHECK(next("*/30 * * * *", "2026-10-25T01:00:00Z", "Europe/Berlin") == "2026-10-25T01:30:00.000Z");
}

TEST_CASE("an interval never stands still or runs backwards over a year of zone changes") {
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"}) {
    const auto schedule = CronSchedule::parse("*/15 * * * *");
    Instant at = *parse_instant("2026-01-01T00:00:00Z");
    const Instant end = *parse_instant("2027-01-01T00:00:00Z");
    int runs = 0;
    for (; at < end; ++runs) {
      const auto found = schedule->next(at, zone(name));
      REQUIRE(found);
      REQUIRE(*found - at == std::chrono::minutes(15));
      at = *found;
    }
    CHECK(runs == 365 * 96);
  }
}

TEST_CASE("leap days and distant dates are found, and the far future ends") {
  CHECK(next("0 0 29 2 *", "2097-01-01T00:00:00Z") == "2104-02-29T00:00:00.000Z");
  CHECK(next("0 0 * 2 MON#5", "2026-01-01T00:00:00Z") == "2044-02-29T00:00:00.000Z");
  CHECK(next("0 0 1 1 *", "2499-06-01T00:00:00Z") == "never");
  CHECK(next("59 59 23 31 12 *", "2499-12-31T23:59:58Z") == "2499-12-31T23:59:59.000Z");
}

TEST_CASE("a date that never comes is refused") {
  for (const char* expression : {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 L-30 2 *", "0 0 31W 2 *"}) {
    CHECK(error_of(expression).message == "the cron expression names a date that never comes");
  }
}

TEST_CASE("an error names the field and what it may hold") {
  struct Row { const char* expression; const char* field; };
  for (const Row& row : {Row{"60 * * * *", "minute"}, Row{"* 24 * * *", "hour"}, Row{"* * 0 * *", "day of month"},
                         Row{"* * 32 * *", "day of month"}, Row{"* * * 13 *", "month"}, Row{"* * * JUNE *", "month"},
                         Row{"* * * * 8", "day of week"}, Row{"* * * * FRIDAY", "day of week"},
                         Row{"60 * * * * *", "second"}, Row{"*/0 * * * *", "minute"}, Row{"*/60 * * * *", "minute"},
                         Row{"5-1 * * * *", "minute"}, Row{"1- * * * *", "minute"}, Row{"1,,2 * * * *", "minute"},
                         Row{"-1 * * * *", "minute"}, Row{"1/2/3 * * * *", "minute"}, Row{"a * * * *", "minute"},
                         Row{"* * L-31 * *", "day of month"}, Row{"* * W * *", "day of month"},
                         Row{"* * 32W * *", "day of month"}, Row{"* * L,3 * *", "day of month"},
                         Row{"* * ? * *", "day of month"}, Row{"* * * * L", "day of week"},
                         Row{"* * * * 1#6", "day of week"}, Row{"* * * * #1", "day of week"}, Row{"H * * * *", "minute"}}) {
    CAPTURE(row.expression);
    const Error error = error_of(row.expression);
    CHECK(error.code == "bad_cron");
    CHECK(error.message.starts_with("the " + std::string(row.field) + " `"));
    CHECK(error.hint.starts_with("allowed: "));
  }
}

TEST_CASE("a wrong number of fields is counted") {
  CHECK(error_of("").message.ends_with("this has 0"));
  CHECK(error_of("* * * *").message.ends_with("this has 4"));
  CHECK(error_of("* * * * * * *").message.ends_with("this has 7"));
  CHECK(error_of(std::string(100'000, '*')).code == "bad_cron");
}

TEST_CASE("an unknown time zone says what to write") {
  CHECK(find_time_zone("Europe/Berlin"));
  CHECK(find_time_zone("UTC"));
  const auto wrong = find_time_zone("berlin");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == "unknown_time_zone");
  CHECK(wrong.error().hint == "did you mean `Europe/Berlin`?");
  CHECK_FALSE(find_time_zone(""));
  CHECK_FALSE(find_time_zone("../../etc/passwd"));
}
