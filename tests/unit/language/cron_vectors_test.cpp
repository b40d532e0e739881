// Next occurrences as Cronos computes them.
#include "core/language/cron.h"
#include "core/base/time_text.h"
#include "tests/support/vectors.h"

using namespace ipaas;
using namespace ipaas::language;

TEST_CASE("next occurrences are those of Cronos' vectors") {
  const auto rows = test::read_vectors("cron/next.json");
  if (!rows) return;
  for (const Json& row : *rows) {
    CAPTURE(row.dump());
    const auto schedule = CronSchedule::parse(row["cron"].get<std::string>());
    REQUIRE(schedule);
    const auto zone = find_time_zone(row["timezone"].get<std::string>());
    REQUIRE(zone);
    const auto from = parse_instant(row["from"].get<std::string>());
    REQUIRE(from);
    const auto next = schedule->next(*from, **zone, row["inclusive"].get<bool>());
    const auto expected = parse_instant(row["next"].get<std::string>());
    REQUIRE(expected);
    REQUIRE(next);
    CHECK(format_instant(*next) == format_instant(*expected));
  }
}
