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

constexpr const char* kWorkflows =
    R"([{"id":"wf_1","name":"order-alerts","description":"Tell\u001b[2J ops","enabled":true,"version":3,
         "triggers":["webhook","manual"],"created_at":"2025-12-01T00:00:00Z","updated_at":"2025-12-31T23:30:00Z"},
        {"id":"wf_2","name":"ping","description":"","enabled":false,"version":1,"triggers":[],
         "created_at":"2025-12-31T23:59:50Z","updated_at":"2025-12-31T23:59:50Z"}])";

std::string execution(const std::string& status) {
  return R"({"id":"ex_1","workflow":"order-alerts","version":3,"status":")" + status +
         R"(","trigger":"manual","event":"ev_1","started_at":"2025-12-31T23:59:00Z","ended_at":)" +
         (status == "running" ? "null" : R"("2025-12-31T23:59:01.500Z")") + R"(,
            "error":)" +
         (status == "failed" ? R"({"code":"rejected","message":"404","step":"orders"})" : "null") +
         R"(,"steps":[{"path":"orders","kind":"uses","status":")" + status +
         R"(","attempts":2,"started_at":"2025-12-31T23:59:00Z","ended_at":"2025-12-31T23:59:01Z","outputs":null,"error":null}],
            "outputs":null})";
}

}  // namespace

TEST_CASE("workflow list: one resource, five formats") {
  FakeApi api;
  api.get("/api/v1/workflows", kWorkflows);
  api.start();
  const auto list = [&](const std::string& format) {
    return run_cli({"workflow", "list", "-o", format}, {.host = api.host()});
  };

  CHECK(list("table").out ==
        "NAME          STATE     VERSION  TRIGGERS         CHANGED  DESCRIPTION\n"
        "order-alerts  enabled   3        webhook, manual  30m      Tell\\x1b[2J ops\n"
        "ping          disabled  1        -                10s      -\n");
  CHECK(has(list("wide").out, "2025-12-01T00:00:00Z"));
  CHECK(list("name").out == "workflow/order-alerts\nworkflow/ping\n");
  CHECK(*parse_json(list("json").out) == *parse_json(kWorkflows));
  CHECK(has(list("yaml").out,
            "- id: wf_1\n  name: order-alerts\n  description: \"Tell\\x1b[2J ops\"\n  enabled: true\n"));
}

TEST_CASE("an empty list is an empty array for programs and a note for people") {
  FakeApi api;
  api.get("/api/v1/credentials", "[]");
  api.start();
  CHECK(run_cli({"credential", "list", "-o", "json"}, {.host = api.host()}).out == "[]\n");
  const auto table = run_cli({"credential", "list"}, {.host = api.host()});
  CHECK(table.out.empty());
  CHECK(table.err == "no credential found\n");
  CHECK(table.code == 0);
}

TEST_CASE("the tenant goes with every request, from the flag, the environment or by default") {
  FakeApi api;
  api.get("/api/v1/credentials", "[]");
  api.start();
  const std::vector<std::string> list = {"credential", "list"};
  CHECK(run_cli(list, {.host = api.host()}).code == 0);
  CHECK(run_cli(list, {.host = api.host(), .variables = {{"IPAAS_TENANT", "shop"}}}).code == 0);
  CHECK(
      run_cli({"credential", "list", "--tenant", "ops"}, {.host = api.host(), .variables = {{"IPAAS_TENANT", "shop"}}})
          .code == 0);
  const auto seen = api.seen();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].tenant == "default");
  CHECK(seen[1].tenant == "shop");
  CHECK(seen[2].tenant == "ops");
}

TEST_CASE("the daemon's refusals become exit codes") {
  FakeApi api;
  const auto refuse = [&](const std::string& id, int status, const std::string& code) {
    api.refuse("/api/v1/executions/" + id, status, R"({"code":")" + code + R"(","message":"no","hint":"do"})");
  };
  refuse("ex_400", 400, "invalid_request");
  refuse("ex_401", 401, "unauthenticated");
  refuse("ex_403", 403, "forbidden");
  refuse("ex_404", 404, "not_found");
  refuse("ex_409", 409, "conflict");
  refuse("ex_503", 503, "draining");
  refuse("ex_500", 500, "internal");
  api.start();
  const auto code = [&](const std::string& id) { return run_cli({"execution", "get", id}, {.host = api.host()}).code; };
  CHECK(code("ex_400") == 3);
  CHECK(code("ex_401") == 4);
  CHECK(code("ex_403") == 4);
  CHECK(code("ex_404") == 5);
  CHECK(code("ex_409") == 5);
  CHECK(code("ex_503") == 1);
  CHECK(code("ex_500") == 1);
  CHECK(run_cli({"execution", "get", "ex_404"}, {.host = api.host()}).err == "error: no: do\n");
}

TEST_CASE("every detail of a refusal is an error of its own") {
  FakeApi api;
  api.refuse("/api/v1/workflows/w", 400,
             R"({"code":"invalid_request","message":"2 errors","details":[
                  {"code":"unknown_key","message":"a","hint":"b","file":"x.yaml","line":3,"column":5},{"code":"c","message":"d"}]})");
  api.start();
  const auto text = run_cli({"workflow", "get", "w"}, {.host = api.host()});
  CHECK(text.code == 3);
  CHECK(text.err == "error: x.yaml:3:5: a: b [unknown_key]\nerror: d\n");
  const auto json = run_cli({"workflow", "get", "w", "-o", "json"}, {.host = api.host()});
  CHECK(json.err ==
        "{\"code\":\"unknown_key\",\"message\":\"a\",\"hint\":\"b\",\"file\":\"x.yaml\",\"line\":3,\"column\":5}\n"
        "{\"code\":\"c\",\"message\":\"d\",\"hint\":\"\",\"file\":\"\",\"line\":0,\"column\":0}\n");
}

TEST_CASE("something else on the socket is an error, not a crash") {
  FakeApi api;
  api.server().Get("/api/v1/workflows", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("<html>", "text/html");
  });
  api.start();
  const auto run = run_cli({"workflow", "list"}, {.host = api.host()});
  CHECK(run.code == 1);
  CHECK(has(run.err, "not one of ipaasd"));
}

TEST_CASE("execution wait and run --wait exit with the result") {
  FakeApi api;
  api.get("/api/v1/executions/ex_ok", execution("succeeded"));
  api.get("/api/v1/executions/ex_bad", execution("failed"));
  api.get("/api/v1/executions/ex_off", execution("cancelled"));
  api.get("/api/v1/executions/ex_slow", execution("running"));
  api.get("/api/v1/executions/ex_1", execution("failed"));
  api.post("/api/v1/workflows/order-alerts/run",
           R"({"id":"ex_1","status":"queued","workflow":"order-alerts","version":3})", 202);
  api.start();
  const auto wait = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"execution", "wait"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_cli(arguments, {.host = api.host()});
  };
  CHECK(wait({"ex_ok"}).code == 0);
  CHECK(wait({"ex_bad"}).code == 7);
  CHECK(wait({"ex_off"}).code == 7);
  CHECK(wait({"ex_slow", "--timeout", "2s"}).code == 8);
  CHECK(wait({"ex_ok", "--timeout", "soon"}).code == 2);
  const auto run = run_cli({"run", "order-alerts", "--wait", "-o", "json", "-i", "city=Par=is", "--inputs", "-"},
                           {.host = api.host(), .input = R"({"city":"x","dry":true})"});
  CHECK(run.code == 7);
  CHECK(has(run.out, "\"code\": \"rejected\""));
  CHECK(api.bodies().front() == R"({"inputs":{"city":"Par=is","dry":true}})");
  CHECK(run.err == "execution ex_1 started\n");
  CHECK(run_cli({"run", "order-alerts", "-o", "name"}, {.host = api.host()}).out == "execution/ex_1\n");
}

TEST_CASE("execution get shows the steps and what failed") {
  FakeApi api;
  api.get("/api/v1/executions/ex_1", execution("failed"));
  api.start();
  CHECK(run_cli({"execution", "get", "ex_1"}, {.host = api.host()}).out ==
        "execution    ex_1\n"
        "workflow     order-alerts (version 3)\n"
        "status       failed\n"
        "trigger      manual (ev_1)\n"
        "started      2025-12-31T23:59:00Z (60s ago)\n"
        "took         1.5s\n"
        "error        rejected: 404 (step orders)\n"
        "\n"
        "STEP    KIND  STATUS  TRIES  TOOK  NOTE\n"
        "orders  uses  failed  2      1.0s  -\n");
}

TEST_CASE("a terminal shows a hundred steps of a long execution, and -o wide or a pipe all of them") {
  FakeApi api;
  ipaas::Json answer = ipaas::Json::parse(execution("failed"));
  ipaas::Json& steps = answer["steps"];
  while (steps.size() < 300) steps.push_back({{"path", "s" + std::to_string(steps.size())}, {"status", "succeeded"}});
  api.get("/api/v1/executions/ex_1", answer.dump());
  api.start();
  const auto lines = [&](std::vector<std::string> more, bool terminal) {
    more.insert(more.begin(), {"execution", "get", "ex_1"});
    const std::string out = run_cli(more, {.host = api.host(), .terminal = terminal}).out;
    return std::count(out.begin(), out.end(), '\n');
  };
  CHECK(lines({}, true) < 130);
  CHECK(lines({}, false) > 300);
  CHECK(lines({"-o", "wide"}, true) > 300);
}

TEST_CASE("execution get -o wide asks for the event, too") {
  FakeApi api;
  api.get("/api/v1/executions/ex_1", execution("failed"));
  api.start();
  CHECK(run_cli({"execution", "get", "execution/ex_1", "-o", "wide"}, {.host = api.host()}).code == 0);
  CHECK(api.seen().back().target == "/api/v1/executions/ex_1?payload=true");
}

TEST_CASE("execution list --before takes an id as it is printed, and nothing else") {
  FakeApi api;
  api.get("/api/v1/executions", "[]");
  api.start();
  const std::string id = "ex_01jd2c00000000000000000000";
  for (const std::string& written : {id, "execution/" + id}) {
    CHECK(run_cli({"execution", "list", "--before", written}, {.host = api.host()}).code == 0);
    CHECK(api.seen().back().target == "/api/v1/executions?limit=50&before=" + id);
  }
  const std::size_t asked = api.seen().size();
  for (const char* wrong : {"foo", "ex_zzz", "ev_01jd2c00000000000000000000", "ex_01JD2C00000000000000000000"}) {
    const auto run = run_cli({"execution", "list", "--before", wrong}, {.host = api.host()});
    CHECK(run.code == 2);
    CHECK(has(run.err, "--before is not the id of an execution"));
  }
  CHECK(api.seen().size() == asked);
}

TEST_CASE("execution list says how to go on, also to a script") {
  FakeApi api;
  api.server().Get("/api/v1/executions", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(R"({"success":true,"data":[{"id":"ex_2"}],"meta":{"next_cursor":"ex_2"}})", "application/json");
  });
  api.start();
  CHECK(run_cli({"execution", "list", "--limit", "1", "-o", "name"}, {.host = api.host()}).err == "older ones: --before ex_2\n");
}

TEST_CASE("execution watch elsewhere than on a terminal says when things happened, and how to answer") {
  FakeApi api;
  api.get("/api/v1/executions/ex_1", execution("failed"));
  api.get("/api/v1/executions/ex_2",
          R"({"id":"ex_2","workflow":"w","version":1,"status":"failed","trigger":"manual","created_at":"2025-12-31T23:58:00Z",
              "started_at":"2025-12-31T23:58:01Z","ended_at":"2025-12-31T23:59:00Z","steps":[
              {"path":"orders[0].ok","kind":"wait-for","status":"waiting","started_at":"2025-12-31T23:58:02Z","ended_at":null,
               "wait":{"kind":"callback","message":null,"until":null}}]})");
  api.start();
  const auto run = run_cli({"execution", "watch", "ex_1"}, {.host = api.host()});
  CHECK(run.code == 7);
  CHECK(run.out ==
        "2025-12-31T23:59:01Z  step orders  failed\n"
        "2025-12-31T23:59:01.500Z  execution ex_1  failed  rejected: 404 (step orders)\n");
  CHECK(run_cli({"execution", "watch", "ex_2"}, {.host = api.host()}).out ==
        "2025-12-31T23:58:02Z  step orders[0].ok  waiting\n"
        "  ipaas execution signal ex_2 --step 'orders[0].ok'\n"
        "2025-12-31T23:59:00Z  execution ex_2  failed\n");
  CHECK(run_cli({"execution", "watch", "ex_1", "-o", "name"}, {.host = api.host()}).out == "execution/ex_1\n");
}

TEST_CASE("approval list keeps to one workflow") {
  FakeApi api;
  api.get("/api/v1/approvals", R"([{"id":"ex_1/ok","workflow":"a"},{"id":"ex_2/ok","workflow":"b"}])");
  api.get("/api/v1/workflows/a", R"({"name":"a"})");
  api.start();
  CHECK(run_cli({"approval", "list", "-w", "b", "-o", "name"}, {.host = api.host()}).out == "approval/ex_2/ok\n");
  CHECK(run_cli({"approval", "list", "-w", "workflow/nothing"}, {.host = api.host()}).code != 0);
}

TEST_CASE("execution list goes through the pages up to its limit") {
  FakeApi api;
  api.server().Get("/api/v1/executions", [](const httplib::Request& request, httplib::Response& response) {
    const bool second = request.get_param_value("before") == "c1";
    response.set_content(std::string(R"({"success":true,"data":[{"id":"ex_)") + (second ? "2" : "1") +
                             R"("}],"meta":{"next_cursor":")" + (second ? "" : "c1") + R"("}})",
                         "application/json");
  });
  api.start();
  CHECK(run_cli({"execution", "list", "-o", "name"}, {.host = api.host()}).out == "execution/ex_1\nexecution/ex_2\n");
  CHECK(run_cli({"execution", "list", "-o", "name", "--limit", "1"}, {.host = api.host()}).out == "execution/ex_1\n");
}

TEST_CASE("a name is one path segment, whatever is in it") {
  FakeApi api;
  api.start();
  CHECK(run_cli({"workflow", "get", "../a b?x"}, {.host = api.host()}).code != 0);
  CHECK(api.seen().front().target == "/api/v1/workflows/..%2Fa%20b%3Fx");
}

TEST_CASE("webhook url says when no public address is known") {
  FakeApi api;
  api.get(
      "/api/v1/webhooks",
      R"([{"workflow":"a","id":"wf_1","path":"/api/webhooks/wf_1","tenant_path":"/api/webhooks/default/a","scheme":"github","enabled":true},
              {"workflow":"b","id":"wf_2","path":"/api/webhooks/wf_2","tenant_path":"","url":"https://x.example/api/webhooks/wf_2"}])");
  api.get("/api/v1/status", R"({"version":"0.1.0","listen":"127.0.0.1:8080"})");
  api.start();
  const auto local = run_cli({"webhook", "url", "a"}, {.host = api.host()});
  CHECK(local.out == "http://127.0.0.1:8080/api/webhooks/wf_1\n");
  CHECK(has(local.err, "public_url is not set"));
  const auto known = run_cli({"webhook", "url", "b"}, {.host = api.host()});
  CHECK(known.out == "https://x.example/api/webhooks/wf_2\n");
  CHECK(known.err.empty());
  CHECK(run_cli({"webhook", "url", "c"}, {.host = api.host()}).code == 5);
}

TEST_CASE("deleting and switching say what was done") {
  FakeApi api;
  api.remove("/api/v1/workflows/w", R"({"name":"w"})");
  api.post("/api/v1/workflows/w/disable", R"({"name":"w","enabled":false})");
  api.post("/api/v1/executions/ex_1/cancel", R"({"id":"ex_1","status":"cancelled"})");
  api.post("/api/v1/executions/ex_2/cancel", R"({"id":"ex_2","status":"running"})");
  api.refuse("/api/v1/executions/ex_3/cancel", 409, R"({"code":"conflict","message":"it has succeeded"})");
  api.start();
  CHECK(run_cli({"workflow", "delete", "w", "--yes"}, {.host = api.host()}).out == "workflow/w deleted\n");
  CHECK(run_cli({"workflow", "disable", "w"}, {.host = api.host()}).out == "workflow/w disabled\n");
  CHECK(run_cli({"execution", "cancel", "ex_1"}, {.host = api.host()}).out == "execution/ex_1 cancelled\n");
  CHECK(run_cli({"execution", "cancel", "ex_2"}, {.host = api.host()}).out == "execution/ex_2 running\n");
  CHECK(run_cli({"execution", "cancel", "ex_3"}, {.host = api.host()}).code == 5);
}

TEST_CASE("workflow get shows a webhook only where there is one") {
  FakeApi api;
  api.get("/api/v1/workflows/a", R"({"name":"a","enabled":true,"triggers":["manual"],"webhook_path":null})");
  api.get("/api/v1/workflows/b", R"({"name":"b","enabled":true,"triggers":["manual"]})");
  api.get("/api/v1/workflows/c", R"({"name":"c","triggers":["webhook"],"webhook_path":"/api/webhooks/wf_1"})");
  api.start();
  const auto get = [&](const std::string& name) {
    return run_cli({"workflow", "get", name}, {.host = api.host()}).out;
  };
  CHECK_FALSE(has(get("a"), "webhook"));
  CHECK_FALSE(has(get("b"), "webhook"));
  CHECK(has(get("c"), "webhook   /api/webhooks/wf_1\n"));
}

TEST_CASE("version answers without a daemon") {
  const auto alone = run_cli({"version", "-o", "json"}, {.host = "unix:///nonexistent/x.sock"});
  CHECK(alone.code == 0);
  CHECK((*parse_json(alone.out))["daemon"].is_null());
  CHECK((*parse_json(alone.out))["client"]["version"].is_string());
}
