#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"

using ipaas::parse_json;
using ipaas::test::CliRun;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

/// What `schedule next … -o json` prints, on one line.
std::string instants(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"schedule", "next"});
  arguments.insert(arguments.end(), {"-o", "json"});
  const CliRun run = run_cli(arguments);
  CHECK(run.code == 0);
  const auto json = parse_json(run.out);
  REQUIRE(json);
  return ipaas::dump_json(*json);
}

}  // namespace

TEST_CASE("schedule next prints instants in the zone's offset") {
  CHECK(instants({"30 7 * * *", "--timezone", "Europe/Berlin", "--from", "2026-10-24T00:00:00Z", "-n", "2"}) ==
        R"(["2026-10-24T07:30:00+02:00","2026-10-25T07:30:00+01:00"])");
  CHECK(
      instants({"0 */30 * * * *", "--timezone", "Australia/Lord_Howe", "--from", "2026-04-04T14:00:00Z", "-n", "4"}) ==
      R"(["2026-04-05T01:30:00+11:00","2026-04-05T01:30:00+10:30","2026-04-05T02:00:00+10:30","2026-04-05T02:30:00+10:30"])");
  CHECK(instants({"@daily", "--timezone", "America/St_Johns", "--from", "2026-01-01T12:00:00+01:00", "-n", "1"}) ==
        R"(["2026-01-02T00:00:00-03:30"])");
  CHECK(instants({"@daily", "--from", "2026-01-01T12:00:00.5Z", "-n", "1"}) == R"(["2026-01-02T00:00:00Z"])");
  CHECK(instants({"0 0 1 1 *", "--from", "2499-06-01T00:00:00Z"}) == "[]");
}

TEST_CASE("the start is left out unless it is due itself and --inclusive is given") {
  CHECK(instants({"0 * * * *", "--from", "2026-01-01T00:00:00Z", "-n", "1"}) == R"(["2026-01-01T01:00:00Z"])");
  CHECK(instants({"0 * * * *", "--from", "2026-01-01T00:00:00Z", "-n", "2", "--inclusive"}) ==
        R"(["2026-01-01T00:00:00Z","2026-01-01T01:00:00Z"])");
  CHECK(instants({"0 * * * *", "--from", "2026-01-01T00:00:01Z", "-n", "1", "--inclusive"}) ==
        R"(["2026-01-01T01:00:00Z"])");
}

TEST_CASE("a table says how far away the instants are, from now when nothing else is said") {
  const CliRun run = run_cli({"schedule", "next", "@hourly", "-n", "3"});
  CHECK(run.code == 0);
  CHECK(has(run.out, "AT"));
  CHECK(has(run.out, "in "));
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 4);
  CHECK(has(run_cli({"schedule", "next", "@daily", "--from", "1999-12-30T00:00:00Z", "-n", "1"}).out, "ago"));
  CHECK(run_cli({"schedule", "next", "@daily", "--from", "2026-01-01T00:00:00Z", "-n", "1", "-o", "name"}).out ==
        "2026-01-02T00:00:00Z\n");
  const CliRun never = run_cli({"schedule", "next", "@daily", "--from", "2500-01-01T00:00:00Z"});
  CHECK(never.code == 0);
  CHECK(never.out.empty());
  CHECK(has(never.err, "never"));
}

TEST_CASE("both day fields are warned of") {
  const CliRun run = run_cli({"schedule", "next", "0 0 13 * FRI", "-n", "1", "-o", "json"});
  CHECK(run.code == 0);
  CHECK(has(run.err, "warning:"));
  CHECK(has(run.err, "either matches"));
  CHECK(run_cli({"schedule", "next", "0 0 13 * *"}).err.empty());
}

TEST_CASE("a wrong cron, zone or time is an invalid input, all told at once; a wrong flag is usage") {
  const CliRun all = run_cli({"schedule", "next", "61 * * * *", "--timezone", "Europe/Berln", "--from", "yesterday"});
  CHECK(all.code == 3);
  CHECK(all.out.empty());
  CHECK(has(all.err, "the minute `61`"));
  CHECK(has(all.err, "did you mean `Europe/Berlin`?"));
  CHECK(has(all.err, "--from"));
  CHECK(run_cli({"schedule", "next", "0 0 30 2 *"}).code == 3);
  CHECK(has(run_cli({"schedule", "next", "@dialy"}).err, "did you mean `@daily`?"));
  for (const char* count : {"0", "-1", "many", "10001"}) {
    CHECK(run_cli({"schedule", "next", "@daily", "-n", count}).code == 2);
  }
  CHECK(run_cli({"schedule", "next"}).code == 2);
  CHECK(run_cli({"schedule"}).code == 2);
}
