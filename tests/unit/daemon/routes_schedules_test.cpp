// Schedules and versions over HTTP, on the running instance.
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kHourly =
    "name: tick\non: { schedule: [ { cron: \"0 * * * *\" } ] }\nsteps: [ { log: \"${{ event.scheduled_for }}\" } ]\n";

}  // namespace

TEST_CASE("schedules are listed, paused and resumed") {
  ApiCase with;
  REQUIRE(with.apply(kHourly).status == 200);
  const auto list = with.get("/api/v1/schedules?workflow=tick");
  REQUIRE(list.status == 200);
  REQUIRE(list.data().size() == 1);
  const Json row = list.data()[0];
  CHECK(row["workflow"] == "tick");
  CHECK(row["state"] == "active");
  CHECK(row["next_due"] == "2026-01-01T01:00:00.000Z");
  CHECK(row["last_due"].is_null());
  CHECK(with.get("/api/v1/schedules").data() == list.data());
  CHECK(with.get("/api/v1/schedules?workflow=nobody").status == 404);

  const auto paused = with.post("/api/v1/schedules/tick/pause", Json::object());
  REQUIRE(paused.status == 200);
  CHECK(paused.data()[0]["state"] == "paused");
  const auto resumed = with.post("/api/v1/schedules/" + row["id"].get<std::string>() + "/resume", Json::object());
  REQUIRE(resumed.status == 200);
  CHECK(resumed.data()[0]["state"] == "active");
  CHECK(with.post("/api/v1/schedules/sc_nobody/pause", Json::object()).status == 404);
}

TEST_CASE("a backfill starts executions of what was missed, once") {
  ApiCase with;
  REQUIRE(with.apply(kHourly).status == 200);
  REQUIRE(with.post("/api/v1/schedules/tick/pause", Json::object()).status == 200);
  with.instance.advance(5h);
  const Json time = {{"from", "2026-01-01T01:00:00Z"}, {"to", "2026-01-01T04:00:00Z"}};
  Json dry = time;
  dry["dry_run"] = true;
  const auto would = with.post("/api/v1/schedules/tick/backfill", dry);
  REQUIRE(would.status == 200);
  CHECK(would.data()["executions"].size() == 3);
  const auto done = with.post("/api/v1/schedules/tick/backfill", time);
  REQUIRE(done.status == 200);
  REQUIRE(done.data()["executions"].size() == 3);
  const Json& first = done.data()["executions"][0];
  CHECK(first["scheduled_for"] == "2026-01-01T01:00:00.000Z");
  CHECK(with.instance.end_of(ExecutionId(first["execution"].get<std::string>())) == "succeeded");
  CHECK(with.post("/api/v1/schedules/tick/backfill", time).data()["executions"].empty());
}

TEST_CASE("a backfill without its times, or with others, is refused") {
  ApiCase with;
  REQUIRE(with.apply(kHourly).status == 200);
  for (const char* body : {"{}", R"({"from":1,"to":2})", R"({"from":"x","to":"2026-01-01T00:00:00Z"})", "[]",
                           R"({"from":"2025-01-01T00:00:00Z","to":"2024-01-01T00:00:00Z"})",
                           R"({"from":"2025-01-01T00:00:00Z","to":"2099-01-01T00:00:00Z"})",
                           R"({"from":"2025-01-01T00:00:00Z","to":"2026-01-01T00:00:00Z","dry_run":"yes"})"}) {
    INFO(body);
    CHECK(with.ask("POST", "/api/v1/schedules/tick/backfill", body).status == 400);
  }
}

TEST_CASE("the versions of a workflow are listed and read, and an older one comes back") {
  ApiCase with;
  REQUIRE(with.apply("name: greet\non: { manual: {} }\nsteps: [ { log: one } ]\n").status == 200);
  REQUIRE(with.apply("name: greet\non: { manual: {} }\nsteps: [ { log: two } ]\n").status == 200);
  const auto back = with.post("/api/v1/workflows/greet/rollback", {{"to", 1}, {"message", "two was wrong"}});
  REQUIRE(back.status == 200);
  CHECK(back.data()["version"] == 3);
  const auto versions = with.get("/api/v1/workflows/greet/versions");
  REQUIRE(versions.data().size() == 3);
  CHECK(versions.data()[0]["version"] == 3);
  CHECK(versions.data()[0]["message"] == "two was wrong");
  CHECK(versions.data()[0]["digest"] == versions.data()[2]["digest"]);
  CHECK(with.get("/api/v1/workflows/greet/versions/2").data()["source"].get<std::string>().find("two") != std::string::npos);
  for (const char* number : {"0", "4", "99999999999", "x", "1x", "-1"}) {
    INFO(number);
    const int status = with.get("/api/v1/workflows/greet/versions/" + std::string(number)).status;
    CHECK((status == 404 || status == 400));
  }
  CHECK(with.post("/api/v1/workflows/greet/rollback", {{"to", 9}}).status == 404);
  for (const Json& to : {Json("1"), Json(1.5), Json(0), Json(nullptr)}) {
    CHECK(with.post("/api/v1/workflows/greet/rollback", {{"to", to}}).status == 400);
  }
}
