// The daemon's schedules and the versions of workflows, on the command line.
#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::parse_json;
using ipaas::test::CliRun;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

constexpr const char* kSchedules =
    R"([{"id":"sc_1","workflow":"report","cron":"0 * * * *","timezone":"UTC","state":"active","next_due":"2026-01-01T01:00:00.000Z",
         "fires_at":"2026-01-01T01:00:07.000Z","last_due":"2026-01-01T00:00:00.000Z","lag_seconds":0.012,"paused_at":null},
        {"id":"sc_2","workflow":"tidy","cron":"0 3 * * *","timezone":"Europe/Berlin","state":"paused","next_due":"2026-01-01T02:00:00.000Z",
         "fires_at":"2026-01-01T02:00:00.000Z","last_due":null,"lag_seconds":0,"paused_at":"2026-01-01T00:00:00.000Z"}])";

constexpr const char* kTwo =
    R"({"executions":[{"schedule":"sc_1","workflow":"report","scheduled_for":"2025-12-31T01:00:00.000Z","execution":"ex_1"},
                      {"schedule":"sc_1","workflow":"report","scheduled_for":"2025-12-31T02:00:00.000Z","execution":"ex_2"}],
        "left_from":"2025-12-31T03:00:00.000Z"})";

}  // namespace

TEST_CASE("schedule list says when each is due, how late it was last, and whether it rests") {
  FakeApi api;
  api.get("/api/v1/schedules", kSchedules);
  api.start();
  const auto list = [&](const std::string& format) {
    return run_cli({"schedule", "list", "-w", "workflow/report", "-o", format}, {.host = api.host()});
  };
  CHECK(list("table").out ==
        "WORKFLOW  CRON       TIMEZONE       NEXT                      LAST                      LAG   STATE\n"
        "report    0 * * * *  UTC            2026-01-01T01:00:00.000Z  2026-01-01T00:00:00.000Z  12ms  active\n"
        "tidy      0 3 * * *  Europe/Berlin  -                         -                         -     paused\n");
  CHECK(has(list("wide").out, "2026-01-01T01:00:07.000Z"));
  CHECK(list("name").out == "schedule/sc_1\nschedule/sc_2\n");
  CHECK(*parse_json(list("json").out) == *parse_json(kSchedules));
}

TEST_CASE("schedule pause and resume say which schedules it was") {
  FakeApi api;
  api.post("/api/v1/schedules/report/pause", kSchedules);
  api.post("/api/v1/schedules/sc_1/resume", kSchedules);
  api.start();
  const auto paused = run_cli({"schedule", "pause", "report"}, {.host = api.host()});
  CHECK(paused.code == 0);
  CHECK(has(paused.out, "schedule/sc_2 paused: 0 3 * * * (Europe/Berlin) of tidy\n"));
  const auto resumed = run_cli({"schedule", "resume", "schedule/sc_1"}, {.host = api.host()});
  CHECK(has(resumed.out, "schedule/sc_1 resumed: 0 * * * * (UTC) of report, next 2026-01-01T01:00:00.000Z\n"));
}

TEST_CASE("schedule backfill asks first, and says what it started and where it left off") {
  FakeApi api;
  api.post("/api/v1/schedules/report/backfill", kTwo);
  api.start();
  const std::vector<std::string> command{"schedule", "backfill", "report", "--from", "2025-12-31T00:00:00Z"};
  const auto with = [&](std::vector<std::string> more) {
    auto all = command;
    all.insert(all.end(), more.begin(), more.end());
    return run_cli(all, {.host = api.host()});
  };
  const auto unasked = with({});
  CHECK(unasked.code == 2);
  CHECK(has(unasked.err, "will not start 2 executions of report without being told to"));
  const auto dry = with({"--dry-run", "--to", "2026-01-01T00:00:00Z"});
  CHECK(dry.code == 0);
  CHECK(has(dry.err, "would start 2 executions"));
  const auto done = with({"--yes"});
  CHECK(done.code == 0);
  CHECK(has(done.out, "2025-12-31T02:00:00.000Z  report    ex_2"));
  CHECK(has(done.err, "started 2 executions"));
  CHECK(has(done.err, "go on with --from 2025-12-31T03:00:00.000Z"));
  CHECK(with({"--yes", "-o", "name"}).out == "execution/ex_1\nexecution/ex_2\n");
  CHECK(with({"--to", "yesterday"}).code == 2);
  const std::size_t asked = api.seen().size();
  const auto future = with({"--to", "2027-01-01T00:00:00Z", "--yes"});
  CHECK(future.code == 2);
  CHECK(has(future.err, "--to is in the future"));
  CHECK(with({"--to", "2025-12-30T00:00:00Z", "--yes"}).code == 2);
  CHECK(api.seen().size() == asked);
  CHECK(run_cli({"schedule", "backfill", "report", "--from", "2h", "--dry-run"}, {.host = api.host()}).code == 0);
  CHECK(has(api.bodies().back(), R"("from":"2025-12-31T22:00:00.000Z")"));
  CHECK(run_cli({"schedule", "backfill", "report"}, {.host = api.host()}).code == 2);
}

TEST_CASE("workflow history shows the versions, the newest first") {
  FakeApi api;
  constexpr const char* kVersions =
      R"([{"version":2,"created_at":"2025-12-31T23:59:50Z","author":"uid:0","message":"better","digest":"0123456789abcdef","workflow":"report"},
          {"version":1,"created_at":"2025-12-31T23:30:00Z","author":"uid:0","message":"","digest":"fedcba9876543210","workflow":"report"}])";
  api.get("/api/v1/workflows/report/versions", kVersions);
  api.start();
  CHECK(run_cli({"workflow", "history", "report"}, {.host = api.host()}).out ==
        "VERSION  AGE  AUTHOR  DIGEST        MESSAGE\n"
        "2        10s  uid:0   0123456789ab  better\n"
        "1        30m  uid:0   fedcba987654  -\n");
  CHECK(*parse_json(run_cli({"workflow", "history", "report", "-o", "json"}, {.host = api.host()}).out) == *parse_json(kVersions));
}

TEST_CASE("workflow rollback says which version is the newest now") {
  FakeApi api;
  api.post("/api/v1/workflows/report/rollback", R"({"name":"report","action":"updated","version":3,"id":"wf_1"})");
  api.post("/api/v1/workflows/same/rollback", R"({"name":"same","action":"unchanged","version":3,"id":"wf_1"})");
  api.start();
  CHECK(run_cli({"workflow", "rollback", "report", "--to", "1"}, {.host = api.host()}).out ==
        "workflow/report is at version 3, which has the text of version 1\n");
  CHECK(run_cli({"workflow", "rollback", "same", "--to", "3", "-m", "why"}, {.host = api.host()}).out ==
        "workflow/same unchanged: version 3, the newest, has the text of version 3\n");
  CHECK(run_cli({"workflow", "rollback", "report"}, {.host = api.host()}).code == 2);
  CHECK(run_cli({"workflow", "rollback", "report", "--to", "0"}, {.host = api.host()}).code == 2);
}
