#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

constexpr const char* kNotFound = R"({"code":"not_found","message":"none"})";
constexpr const char* kNames = R"([{"name":"order-alerts"},{"name":"ping"}])";

}  // namespace

TEST_CASE("a name or an id is taken as -o name prints it") {
  FakeApi api;
  api.start();
  const auto asked = [&](const std::vector<std::string>& arguments) {
    static_cast<void>(run_cli(arguments, {.host = api.host()}));
    return api.seen().back().target;
  };
  CHECK(asked({"workflow", "get", "workflow/w"}) == "/api/v1/workflows/w");
  CHECK(asked({"workflow", "delete", "workflow/w", "--yes"}) == "/api/v1/workflows/w");
  CHECK(asked({"run", "workflow/w"}) == "/api/v1/workflows/w/run");
  CHECK(asked({"execution", "get", "execution/ex_1"}) == "/api/v1/executions/ex_1");
  CHECK(asked({"execution", "cancel", "execution/ex_1"}) == "/api/v1/executions/ex_1/cancel");
  CHECK(asked({"credential", "delete", "credential/c", "--yes"}) == "/api/v1/credentials/c");
  CHECK(has(asked({"logs", "execution/ex_1"}), "?execution=ex_1&"));
  CHECK(has(asked({"logs", "-w", "workflow/w"}), "?workflow=w&"));
  CHECK(has(asked({"execution", "list", "-w", "workflow/w"}), "?workflow=w&"));
}

TEST_CASE("another kind in front, or a kind alone, is part of the name") {
  FakeApi api;
  api.start();
  const auto asked = [&](const std::string& name) {
    static_cast<void>(run_cli({"workflow", "get", name}, {.host = api.host()}));
    return api.seen().back().target;
  };
  CHECK(asked("execution/w") == "/api/v1/workflows/execution%2Fw");
  CHECK(asked("workflow/") == "/api/v1/workflows/workflow%2F");
  CHECK(asked("workflow") == "/api/v1/workflows/workflow");
}

TEST_CASE("webhook url and connector get take their kind in front") {
  FakeApi api;
  api.get("/api/v1/webhooks", R"([{"workflow":"w","id":"wf_1","url":"https://x.example/h"}])");
  api.get("/api/v1/connectors", R"([{"name":"slack","actions":[]}])");
  api.start();
  for (const char* name : {"w", "webhook/w", "workflow/w"}) {
    CHECK(run_cli({"webhook", "url", name}, {.host = api.host()}).out == "https://x.example/h\n");
  }
  CHECK(run_cli({"connector", "get", "connector/slack"}, {.host = api.host()}).code == 0);
}

TEST_CASE("nothing of a workflow that does not exist is an error with the name that was meant") {
  FakeApi api;
  api.get("/api/v1/workflows", kNames);
  api.get("/api/v1/workflows/ping", R"({"name":"ping"})");
  api.refuse("/api/v1/workflows/order-alert", 404, kNotFound);
  api.refuse("/api/v1/workflows/zzz", 404, kNotFound);
  api.get("/api/v1/logs", "[]");
  api.get("/api/v1/executions", "[]");
  api.start();
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"logs"}, {"logs", "-f"}, {"logs", "-o", "json"}, {"execution", "list"}}) {
    const auto with = [&](const std::string& name) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), {"-w", name});
      return run_cli(arguments, {.host = api.host()});
    };
    const auto run = with("order-alert");
    INFO(command.front() << run.err);
    CHECK(run.code == 5);
    CHECK(run.out.empty());
    CHECK(has(run.err, "there is no workflow `order-alert`"));
    CHECK(has(run.err, "did you mean `order-alerts`?"));
    CHECK(has(with("zzz").err, "ipaas workflow list"));
  }
  CHECK(run_cli({"logs", "-w", "ping"}, {.host = api.host()}).code == 0);
  CHECK(run_cli({"execution", "list", "-w", "ping"}, {.host = api.host()}).code == 0);
}

TEST_CASE("the history of a deleted workflow can still be read") {
  FakeApi api;
  api.refuse("/api/v1/workflows/gone", 404, kNotFound);
  api.get("/api/v1/logs", R"([{"sequence":1,"at":"2026-01-01T00:00:00Z","level":"info","text":"hello"}])");
  api.get("/api/v1/executions", R"([{"id":"ex_1"}])");
  api.start();
  CHECK(run_cli({"logs", "-w", "gone", "-o", "name"}, {.host = api.host()}).out == "log/1\n");
  CHECK(run_cli({"execution", "list", "-w", "gone", "-o", "name"}, {.host = api.host()}).out == "execution/ex_1\n");
}
