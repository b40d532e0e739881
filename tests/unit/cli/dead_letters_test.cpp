// Retrying, discarding and purging from the command line.
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

/// Newest first, as the daemon lists them.
constexpr const char* kDead =
    R"([{"id":"ex_4","error":{"code":"timeout"},"ended_at":"2025-12-31T23:59:30Z"},
        {"id":"ex_3","error":{"code":"rejected"},"ended_at":"2025-12-31T23:50:00Z"},
        {"id":"ex_2","error":{"code":"timeout"},"ended_at":"2025-12-31T23:00:00Z"},
        {"id":"ex_1","error":{"code":"timeout"},"ended_at":"2025-12-31T20:00:00Z"}])";

struct CareApi {
  CareApi() {
    api.get("/api/v1/executions", kDead);
    api.post("/api/v1/executions/retry", R"({"retried":[{"id":"ex_9","retry_of":"ex_2"}],
                                             "left_out":[{"id":"ex_4","message":"it has succeeded","hint":"leave it"}]})");
    api.post("/api/v1/executions/discard", R"({"discarded":[{"id":"ex_1"},{"id":"ex_2"}],"left_out":[]})");
    api.post("/api/v1/executions/ex_1/retry", R"({"id":"ex_9","retry_of":"ex_1","version":2,"status":"running"})", 202);
    api.post("/api/v1/executions/ex_1/discard", R"({"id":"ex_1","discarded":true})");
    api.refuse("/api/v1/executions/ex_5/retry", 409, R"({"code":"conflict","message":"it runs","hint":"wait"})");
    api.start();
  }
  CliRun run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "execution");
    return run_cli(arguments, {.host = api.host()});
  }
  FakeApi api;
};

}  // namespace

TEST_CASE("one execution is retried, from where it failed, under the newest version") {
  CareApi with;
  CHECK(with.run({"retry", "execution/ex_1", "--from-failed", "--newest"}).out == "execution/ex_9 retries ex_1\n");
  CHECK(with.api.bodies().back() == R"({"from_failed":true,"newest":true})");
  CHECK(with.run({"retry", "ex_1", "-o", "name"}).out == "execution/ex_9\n");
  CHECK(with.api.bodies().back() == R"({"from_failed":false,"newest":false})");
  const CliRun refused = with.run({"retry", "ex_5"});
  CHECK(refused.code == 5);
  CHECK(refused.err == "error: it runs: wait\n");
  CHECK(with.run({"discard", "ex_1"}).out == "execution/ex_1 discarded\n");
}

TEST_CASE("dead letters are retried the oldest first, as the filters select them, and what was left out is told") {
  CareApi with;
  const CliRun run = with.run({"retry", "--dead-letter", "--code", "timeout", "--since", "90m", "--yes"});
  CHECK(run.code == 1);
  CHECK(run.out == "execution/ex_9 retries ex_2\n");
  CHECK(has(run.err, "left out ex_4: it has succeeded: leave it\n"));
  CHECK(has(run.err, "1 execution retried, 1 left out\n"));
  CHECK(with.api.bodies().back() == R"({"from_failed":false,"newest":false,"executions":["ex_2","ex_4"]})");
  CHECK(with.api.seen().front().target == "/api/v1/executions?dead_letter=true&limit=1000");
}

TEST_CASE("dead letters are discarded, so many and no more") {
  CareApi with;
  const CliRun run = with.run({"discard", "--dead-letter", "--limit", "2", "--yes", "-o", "json"});
  CHECK(run.code == 0);
  CHECK((*parse_json(run.out))["discarded"].size() == 2);
  CHECK(with.api.bodies().back() == R"({"executions":["ex_1","ex_2"]})");
}

TEST_CASE("where there is nothing to do, nothing is asked and nothing fails") {
  CareApi with;
  const CliRun run = with.run({"retry", "--dead-letter", "--code", "poisoned"});
  CHECK(run.code == 0);
  CHECK(has(run.err, "0 executions retried\n"));
  CHECK(with.api.bodies().empty());
}

TEST_CASE("a script says --yes, and which executions it means") {
  CareApi with;
  CHECK(with.run({"retry", "--dead-letter"}).code == 2);
  CHECK(with.run({"retry"}).code == 2);
  CHECK(with.run({"retry", "ex_1", "--dead-letter", "--yes"}).code == 2);
  CHECK(with.run({"retry", "ex_1", "--code", "timeout"}).code == 2);
  CHECK(with.run({"discard", "--dead-letter", "--since", "soon", "--yes"}).code == 2);
  CHECK(with.run({"discard", "--dead-letter", "--limit", "0", "--yes"}).code == 2);
  CHECK(with.api.bodies().empty());
}

TEST_CASE("a purge goes on until all is gone, and says how many") {
  FakeApi api;
  std::atomic<int> asked = 0;
  api.server().Post("/api/v1/executions/purge", [&](const httplib::Request& request, httplib::Response& response) {
    CHECK(request.body == R"({"ended_before":"2025-12-02T00:00:00.000Z","workflow":"w"})");
    const bool more = ++asked < 3;
    response.set_content(std::string(R"({"success":true,"data":{"purged":)") + (more ? "5000" : "7") + R"(,"more":)" +
                             (more ? "true" : "false") + R"(},"meta":{}})",
                         "application/json");
  });
  api.start();
  const auto purge = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"execution", "purge"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_cli(arguments, {.host = api.host()});
  };
  CHECK(purge({"--older-than", "30d", "-w", "w", "--yes"}).out == "10007 executions purged\n");
  CHECK(purge({"--older-than", "30d", "-w", "w"}).code == 2);
  CHECK(purge({"--older-than", "yesterday", "--yes"}).code == 2);
  CHECK(purge({"--yes"}).code == 2);
  CHECK(asked == 3);
}

TEST_CASE("a purge asks with the number of what goes, and says that dead letters go, too") {
  FakeApi api;
  api.server().Get("/api/v1/executions", [&](const httplib::Request& request, httplib::Response& response) {
    CHECK(request.get_param_value("ended_before") == "2025-12-02T00:00:00.000Z");
    const bool dead = request.has_param("dead_letter");
    const bool second = request.get_param_value("before") == "c1";
    const std::string data = dead ? R"([{"id":"ex_1"}])" : R"([{"id":"ex_1"},{"id":"ex_2"}])";
    const std::string next = dead || second ? "" : R"("next_cursor":"c1")";
    response.set_content(R"({"success":true,"data":)" + data + R"(,"meta":{)" + next + "}}", "application/json");
  });
  api.start();
  const CliRun run = run_cli({"execution", "purge", "--older-than", "30d"}, {.host = api.host(), .input = "n\n", .terminal = true});
  CHECK(run.code == 1);
  CHECK(has(run.err, "delete 4 executions that ended before 2025-12-02T00:00:00.000Z for good, of which 1 is a dead letter that "
                     "nobody has looked after? [y/N] "));
  CHECK(api.bodies().empty());
}

TEST_CASE("a purge of what is to come is refused, also with --yes") {
  FakeApi api;
  api.start();
  const CliRun run = run_cli({"execution", "purge", "--older-than", "2030-01-01T00:00:00Z", "--yes"}, {.host = api.host()});
  CHECK(run.code == 2);
  CHECK(has(run.err, "--older-than is in the future"));
  CHECK(api.seen().empty());
}

TEST_CASE("an error code that there is not is refused, with the one that was meant, where nothing has it") {
  CareApi with;
  const std::string verb = GENERATE("retry", "discard");
  const CliRun run = with.run({verb, "--dead-letter", "--code", "conect_failed", "--yes"});
  CHECK(run.code == 2);
  CHECK(has(run.err, "did you mean `connect_failed`?"));
  CHECK(with.api.bodies().empty());
}
