// Instants and durations as people and programs write them.
#include "core/base/time_text.h"

#include <date/date.h>

#include "tests/support/catch.h"

using namespace ipaas;

TEST_CASE("an instant is written as a calendar library writes it") {
  const auto expected = [](Instant instant) {
    return date::format("%FT%TZ", date::sys_time<std::chrono::milliseconds>(instant.time_since_epoch()));
  };
  // Steps of about 137 days, in odd milliseconds: from before the year 0 to after 9999.
  constexpr std::int64_t kStep = 11'836'799'987;
  for (std::int64_t millis = -63'000'000'000'000; millis < 254'000'000'000'000; millis += kStep) {
    const Instant instant = from_millis(millis);
    INFO(millis);
    REQUIRE(format_instant(instant) == expected(instant));
  }
  for (const std::int64_t millis : {-1LL, 0LL, 1LL, 999LL, 1000LL, 951'782'399'999LL, 951'782'400'000LL}) {
    CHECK(format_instant(from_millis(millis)) == expected(from_millis(millis)));
  }
  CHECK(format_instant(from_millis(1'700'000'000'123)) == "2023-11-14T22:13:20.123Z");
}

TEST_CASE("what is written is read back") {
  for (const std::int64_t millis : {0LL, 1LL, 1'700'000'000'123LL, 4'102'444'799'999LL, -86'400'001LL}) {
    const auto read = parse_instant(format_instant(from_millis(millis)));
    REQUIRE(read);
    CHECK(to_millis(*read) == millis);
  }
  for (const std::int64_t millis : {0LL, 1LL, 250LL, 90'000LL, 93'784'005LL, 1'209'600'000LL}) {
    const auto read = parse_duration(format_duration(Duration(millis)));
    REQUIRE(read);
    CHECK(read->count() == millis);
  }
}

TEST_CASE("a time that is none is refused with an example") {
  for (const char* text : {"", "2026-01-31", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T09:30:00",
                           "2026-01-31T09:30:00+1:00", "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00Zx"}) {
    INFO(text);
    const auto read = parse_instant(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "bad_time");
    CHECK_FALSE(read.error().hint.empty());
  }
  for (const char* text : {"", "5", "m", "-1s", "5 m", "5min", "1.5h", "99999999999999999999s", "9223372036854775807w"}) {
    INFO(text);
    const auto read = parse_duration(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "bad_duration");
  }
}
