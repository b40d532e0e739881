#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::parse_json;
using ipaas::test::FakeApi;
using ipaas::test::run_cli;

namespace {

std::string line(int sequence, const std::string& text = "hello") {
  return R"({"sequence":)" + std::to_string(sequence) +
         R"(,"at":"2026-01-01T00:00:00.000Z","level":"info","workflow":"w","execution":"ex_1","step":"s","text":")" +
         text + R"("})";
}

std::string event(int sequence) {
  return "event: log\nid: " + std::to_string(sequence) + "\ndata: " + line(sequence) + "\n\n";
}

}  // namespace

TEST_CASE("logs of an execution prints all pages and escapes what a line could do to a terminal") {
  FakeApi api;
  api.server().Get("/api/v1/logs", [](const httplib::Request& request, httplib::Response& response) {
    const std::string after = request.get_param_value("after");
    const std::string data = after == "0"   ? "[" + line(1) + "," + line(2, R"(\u001b[2J\r\nforged)") + "]"
                             : after == "2" ? "[" + line(3) + "]"
                                            : "[]";
    response.set_content(R"({"success":true,"data":)" + data + R"(,"meta":{}})", "application/json");
  });
  api.start();
  CHECK(run_cli({"logs", "--since", "1h"}, {.host = api.host()}).out ==
        "2026-01-01T00:00:00.000Z  info   w  ex_1  s  hello\n"
        "2026-01-01T00:00:00.000Z  info   w  ex_1  s  \\x1b[2J\\r\\nforged\n"
        "2026-01-01T00:00:00.000Z  info   w  ex_1  s  hello\n");
  CHECK(run_cli({"logs", "ex_1", "-o", "name"}, {.host = api.host()}).out == "log/1\nlog/2\nlog/3\n");
  const auto array = parse_json(run_cli({"logs", "ex_1", "-o", "json"}, {.host = api.host()}).out);
  REQUIRE(array);
  CHECK(array->size() == 3);
}

TEST_CASE("logs -f goes on after a lost connection, without a gap or a repetition") {
  FakeApi api;
  api.get("/api/v1/logs", "[" + line(6) + "," + line(5) + "]");
  std::atomic<int> connections = 0;
  api.server().Get("/api/v1/logs/stream", [&](const httplib::Request&, httplib::Response& response) {
    switch (++connections) {
      case 1:
        response.set_content(": hello\n\n" + event(7) + "event: log\nid: 8\ndata: {\"cut", "text/event-stream");
        break;
      case 2:
        response.set_content(event(7) + event(8) + event(9), "text/event-stream");
        break;
      default:
        response.status = 403;
        response.set_content(R"({"success":false,"error":{"code":"forbidden","message":"enough"},"meta":{}})",
                             "application/json");
    }
  });
  api.start();
  const auto run = run_cli({"logs", "-f", "-o", "name"}, {.host = api.host()});
  CHECK(run.code == 4);
  CHECK(run.out == "log/5\nlog/6\nlog/7\nlog/8\nlog/9\n");
  const auto seen = api.seen();
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].target == "/api/v1/logs?newest=true&limit=50");
  CHECK(seen[1].last_event_id == "6");
  CHECK(seen[2].last_event_id == "7");
  CHECK(seen[3].last_event_id == "9");
}

TEST_CASE("logs --since takes a duration or an instant and nothing else") {
  FakeApi api;
  api.get("/api/v1/logs", "[]");
  api.start();
  CHECK(run_cli({"logs", ""}, {.host = api.host()}).code == 2);
  CHECK(run_cli({"logs", "--since", "15m"}, {.host = api.host()}).code == 0);
  CHECK(run_cli({"logs", "--since", "yesterday"}, {.host = api.host()}).code == 2);
  CHECK(api.seen().front().target.find("since=2025-12-31T23%3A45%3A00.000Z") != std::string::npos);
}

TEST_CASE("run --follow shows the log, then the result") {
  FakeApi api;
  api.post("/api/v1/workflows/w/run", R"({"id":"ex_1","status":"queued","workflow":"w","version":1})", 202);
  api.server().Get("/api/v1/executions/ex_1/stream", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(
        "event: execution\ndata: {\"id\":\"ex_1\",\"status\":\"running\",\"steps\":[]}\n\n" + event(1) +
            "event: execution\ndata: {\"id\":\"ex_1\",\"status\":\"failed\",\"ended_at\":\"2026-01-01T00:00:01Z\",\"steps\":[]}\n\nevent: end\ndata: {}\n\n",
        "text/event-stream");
  });
  api.start();
  const auto text = run_cli({"run", "w", "--follow"}, {.host = api.host()});
  CHECK(text.code == 7);
  CHECK(text.out.find("2026-01-01T00:00:00.000Z  info   s  hello\n\nexecution    ex_1\n") == 0);
  const auto json = run_cli({"run", "w", "--follow", "-o", "json"}, {.host = api.host()});
  CHECK(parse_json(json.out)->at("status") == "failed");
  CHECK(json.err.find("hello") != std::string::npos);
}

TEST_CASE("logs of everything shows the newest thousand lines, and says that there may be more") {
  FakeApi api;
  std::string lines;
  for (int i = 1; i <= 1000; ++i) lines += (i == 1 ? "" : ",") + line(i);
  api.get("/api/v1/logs", "[" + lines + "]");
  api.start();
  const auto run = run_cli({"logs"}, {.host = api.host()});
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 1000);
  CHECK(run.err == "these are the newest 1,000 lines: -n COUNT or --since TIME shows more\n");
  CHECK(api.seen().front().target == "/api/v1/logs?newest=true&limit=1000");
  CHECK(run_cli({"logs", "-n", "1000"}, {.host = api.host()}).err.empty());
  CHECK(run_cli({"logs", "-o", "json"}, {.host = api.host()}).err.empty());
  CHECK(api.seen().back().target == "/api/v1/logs?after=1000&limit=500");
}

TEST_CASE("logs -f of one execution ends with it, prints nothing twice, and keeps to the level") {
  FakeApi api;
  api.get("/api/v1/logs", "[" + line(2) + "]");
  api.server().Get("/api/v1/executions/ex_1/stream", [](const httplib::Request&, httplib::Response& response) {
    std::string debug = event(3);
    debug.replace(debug.find("info"), 4, "debug");
    response.set_content(event(1) + event(2) + debug + event(4) + "event: end\ndata: {}\n\n", "text/event-stream");
  });
  api.start();
  const auto run = run_cli({"logs", "ex_1", "-f", "--level", "info", "-o", "name"}, {.host = api.host()});
  CHECK(run.code == 0);
  CHECK(run.out == "log/2\nlog/4\n");
}

TEST_CASE("logs of an execution and of a workflow that is not its own is refused") {
  FakeApi api;
  api.get("/api/v1/logs", "[]");
  api.get("/api/v1/executions/ex_1", R"({"id":"ex_1","workflow":"w"})");
  api.start();
  const auto run = run_cli({"logs", "ex_1", "-w", "other"}, {.host = api.host()});
  CHECK(run.code == 5);
  CHECK(run.err == "error: the execution ex_1 is one of `w`, not of `other`: leave -w away\n");
}
