// What each route of the control API answers, and what it says to bad input.
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

const std::string kGreet =
    "name: greet\non: { manual: {} }\nsteps: [ { id: hi, set: 1 }, { log: hello } ]\noutputs: { n: 1 }\n";

void never_answer(FakeHttpServer::Connection& connection) {
  connection.read_request();
  connection.wait_until_closed();
}

/// Starts the workflow and answers the execution's id.
std::string run(ApiCase& with, const std::string& name) {
  const auto started = with.post("/api/v1/workflows/" + name + "/run", Json::object());
  REQUIRE(started.status == 202);
  return started.data()["id"];
}

}  // namespace

TEST_CASE("workflows are applied, listed, shown, switched off and on, and deleted") {
  ApiCase with;
  const auto applied = with.apply(kGreet);
  REQUIRE(applied.status == 200);
  CHECK(applied.data()[0]["action"] == "created");
  CHECK(applied.data()[0]["version"] == 1);
  CHECK(with.get("/api/v1/workflows").data()[0]["name"] == "greet");
  CHECK(with.get("/api/v1/workflows/greet").data()["source"] == kGreet);
  CHECK(with.post("/api/v1/workflows/greet/disable", {}).data()["enabled"] == false);
  CHECK(with.post("/api/v1/workflows/greet/run", Json::object()).status == 409);
  CHECK(with.post("/api/v1/workflows/greet/enable", {}).data()["enabled"] == true);
  CHECK(with.ask("DELETE", "/api/v1/workflows/greet").data()["deleted"] == true);
  CHECK(with.get("/api/v1/workflows").data().empty());
}

TEST_CASE("what is wrong with an apply is told with its places") {
  ApiCase with;
  const auto refused = with.apply("name: x\non: { manual: {} }\nsteps: [ { log: hi } ]\nlabel: y\n");
  CHECK(refused.status == 400);
  CHECK(refused.code() == "invalid_request");
  REQUIRE(refused.body["error"]["details"].size() >= 1);
  CHECK(refused.body["error"]["details"][0]["file"] == "f.yaml");
  CHECK(refused.body["error"]["details"][0]["line"] == 4);
}

TEST_CASE("bad input to every route that takes any") {
  ApiCase with;
  with.apply(kGreet);
  const auto [method, path, body] = GENERATE(table<std::string, std::string, std::string>({
      {"POST", "/api/v1/workflows/apply", ""},
      {"POST", "/api/v1/workflows/apply", "{"},
      {"POST", "/api/v1/workflows/apply", "[]"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":{}})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[1]})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[{"file":"x"}]})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[{"file":1,"source":"x"}]})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"dry_run":"yes"})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"message":7})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"set":7})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"set":"s","prune":"yes"})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"set":"s","prune":true,"confirmed":"all"})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"set":"s","prune":true,"confirmed":[1]})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"set":"s","prune":true})"},
      {"POST", "/api/v1/workflows/apply", R"({"documents":[],"prune":true})"},
      {"POST", "/api/v1/workflows/greet/run", R"({"inputs":[1]})"},
      {"POST", "/api/v1/workflows/greet/run", R"({"inputs":{"no":1}})"},
      {"POST", "/api/v1/workflows/greet/run", "7"},
      {"POST", "/api/v1/credentials", ""},
      {"POST", "/api/v1/credentials", R"({"name":"x"})"},
      {"POST", "/api/v1/credentials", R"({"name":1,"type":"bearer","fields":{}})"},
      {"POST", "/api/v1/credentials", R"({"name":"x","type":"bearer","fields":[]})"},
      {"POST", "/api/v1/credentials", R"({"name":"x","type":"bearer","fields":{}})"},
      {"PUT", "/api/v1/variables/x", ""},
      {"PUT", "/api/v1/variables/x", R"({"value":1,"more":2})"},
      {"PUT", "/api/v1/variables/x", R"({"values":1})"},
      {"PUT", "/api/v1/variables/1x", R"({"value":1})"},
      {"GET", "/api/v1/executions?status=done", ""},
      {"GET", "/api/v1/executions?limit=0", ""},
      {"GET", "/api/v1/executions?limit=1001", ""},
      {"GET", "/api/v1/executions?limit=ten", ""},
      {"GET", "/api/v1/logs?level=loud", ""},
      {"GET", "/api/v1/logs?since=yesterday", ""},
      {"GET", "/api/v1/logs?after=-1", ""},
      {"GET", "/api/v1/logs?limit=x", ""},
      {"GET", "/api/v1/logs/stream?level=loud", ""},
      {"GET", "/api/v1/logs/stream?after=x", ""},
  }));
  INFO(method << " " << path << " " << body);
  const auto answer = with.ask(method, path, body);
  CHECK(answer.status == 400);
  CHECK(answer.code() == "invalid_request");
  CHECK_FALSE(answer.message().empty());
}

TEST_CASE("what is not there, is deleted or is another tenant's is not found, with not one byte of it") {
  FakeHttpServer sink(never_answer);
  ApiCase with;
  with.apply(calling("hidden-workflow", "POST", sink.url("/private")));
  REQUIRE(with.post("/api/v1/credentials",
                    {{"name", "hidden-credential"}, {"type", "bearer"}, {"fields", {{"token", "token-of-mine"}}}})
              .status == 201);
  REQUIRE(with.ask("PUT", "/api/v1/variables/hidden-variable", R"({"value":"private"})").status == 200);
  const std::string id = run(with, "hidden-workflow");
  const std::string tenant = GENERATE("", "X-Test-Tenant: tn_other\r\n");
  const std::string workflow = tenant.empty() ? "no-workflow" : "hidden-workflow";
  const std::string execution = tenant.empty() ? "ex_00000000000000000000000000" : id;
  for (const std::string& line :
       {"GET /api/v1/workflows/" + workflow, "DELETE /api/v1/workflows/" + workflow,
        "POST /api/v1/workflows/" + workflow + "/enable", "POST /api/v1/workflows/" + workflow + "/disable",
        "POST /api/v1/workflows/" + workflow + "/run", "GET /api/v1/executions/" + execution,
        "GET /api/v1/executions/" + execution + "?wait=1s", "POST /api/v1/executions/" + execution + "/cancel",
        "GET /api/v1/executions/" + execution + "/stream", "GET /api/v1/logs?execution=" + execution,
        "GET /api/v1/logs/stream?execution=" + execution,
        "DELETE /api/v1/variables/" + std::string(tenant.empty() ? "nothing" : "hidden-variable"),
        "DELETE /api/v1/credentials/" + std::string(tenant.empty() ? "nothing" : "hidden-credential")}) {
    INFO(line << " as " << tenant);
    const std::size_t space = line.find(' ');
    const auto answer = with.ask(line.substr(0, space), line.substr(space + 1), "", tenant);
    CHECK(answer.status == 404);
    CHECK(answer.code() == "not_found");
    CHECK(answer.text.find("private") == std::string::npos);
    CHECK(answer.text.find("token-of-mine") == std::string::npos);
  }
  if (tenant.empty()) return;
  for (const char* path :
       {"/api/v1/workflows", "/api/v1/executions", "/api/v1/credentials", "/api/v1/variables", "/api/v1/logs",
        "/api/v1/webhooks"}) {
    INFO(path);
    CHECK(with.ask("GET", path, "", tenant).data().empty());
  }
}

TEST_CASE("a run names its execution, workflow, version and status") {
  ApiCase with;
  with.apply(kGreet);
  const auto started = with.post("/api/v1/workflows/greet/run", Json::object());
  REQUIRE(started.status == 202);
  CHECK(started.data()["workflow"] == "greet");
  CHECK(started.data()["version"] == 1);
  CHECK(started.data()["status"] == "succeeded");  // it needed nobody
  const std::string id = started.data()["id"];
  const auto shown = with.get("/api/v1/executions/" + id);
  CHECK(shown.data()["status"] == "succeeded");
  CHECK(shown.data()["steps"].size() == 2);
  CHECK(shown.data()["outputs"]["n"] == 1);
  CHECK(with.get("/api/v1/logs?execution=" + id).data()[1]["text"] == "hello");
}

TEST_CASE("executions come in pages, newest first, and by workflow and status") {
  ApiCase with;
  with.apply(kGreet);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(run(with, "greet"));
  const auto first = with.get("/api/v1/executions?limit=2");
  REQUIRE(first.data().size() == 2);
  CHECK(first.data()[0]["id"] == ids[4]);
  const std::string cursor = first.body["meta"]["next_cursor"];
  const auto second = with.get("/api/v1/executions?limit=2&before=" + cursor);
  CHECK(second.data()[0]["id"] == ids[2]);
  for (const char* wrong : {"foo", "ex_zzz", "execution%2F"}) {
    CHECK(with.get("/api/v1/executions?before=" + std::string(wrong)).status == 400);
  }
  CHECK(with.get("/api/v1/executions?ended_before=2000-01-01T00:00:00Z").data().empty());
  CHECK(with.get("/api/v1/executions?ended_before=2100-01-01T00:00:00Z").data().size() == 5);
  CHECK(with.get("/api/v1/executions?ended_before=soon").status == 400);
  CHECK(with.get("/api/v1/executions?status=failed").data().empty());
  CHECK(with.get("/api/v1/executions?workflow=other").data().empty());
  CHECK(with.get("/api/v1/executions?workflow=greet&status=succeeded").data().size() == 5);
}

TEST_CASE("a wait is answered when the execution ends, or when the time is over") {
  FakeHttpServer sink(never_answer);
  ApiCase with;
  with.apply(calling("slow", "POST", sink.url()));
  const std::string id = run(with, "slow");
  REQUIRE(sink.wait_for_requests(1));
  CHECK(with.get("/api/v1/executions/" + id + "?wait=1h").status == 400);

  RawClient patient = with.client();
  patient.send(ApiCase::request("GET", "/api/v1/executions/" + id + "?wait=20s"));
  CHECK(with.post("/api/v1/executions/" + id + "/cancel", {}).data()["status"] == "cancelled");
  const RawAnswer answer = patient.read_answer();
  CHECK(answer.status == 200);
  CHECK(answer.body.find(R"("status":"cancelled")") != std::string::npos);

  const std::string other = run(with, "slow");
  CHECK(with.get("/api/v1/executions/" + other + "?wait=0s").data()["status"] == "running");
}

TEST_CASE("cancelling what has ended is a conflict that says how it ended") {
  ApiCase with;
  with.apply(kGreet);
  const auto late = with.post("/api/v1/executions/" + run(with, "greet") + "/cancel", {});
  CHECK(late.status == 409);
  CHECK(late.code() == "conflict");
  CHECK(late.message() == "the execution has already ended: succeeded");
}

TEST_CASE("an execution's stream shows its log and ends with it, however long the log is") {
  ApiCase with;
  std::string source = "name: chatty\non: { manual: {} }\nsteps:\n";
  for (int i = 0; i < 499; ++i) source += "  - log: line " + std::to_string(i) + "\n";
  REQUIRE(with.apply(source).status == 200);
  RawClient reader = with.client();
  reader.send(ApiCase::request("GET", "/api/v1/executions/" + run(with, "chatty") + "/stream"));
  CHECK(reader.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
  const std::string events = reader.read_until("event: end\ndata: {}\n\n");
  std::size_t lines = 0;
  for (std::size_t at = events.find("event: log\n"); at != std::string::npos; at = events.find("event: log\n", at + 1))
    ++lines;
  CHECK(lines == 501);
  CHECK(events.find("event: execution\n") != std::string::npos);
}

TEST_CASE("a log stream begins now, goes on, and takes up where a reader left it") {
  ApiCase with;
  with.apply(kGreet);
  run(with, "greet");
  RawClient reader = with.client();
  reader.send(ApiCase::request("GET", "/api/v1/logs/stream"));
  reader.read_until("\r\n\r\n");
  run(with, "greet");
  const std::string first = reader.read_until("\n\n");
  CHECK(first.find("\"sequence\":4") != std::string::npos);

  RawClient again = with.client();
  again.send(ApiCase::request("GET", "/api/v1/logs/stream", "", "Last-Event-ID: 5\r\n"));
  again.read_until("\r\n\r\n");
  CHECK(again.read_until("\n\n").starts_with("id: 6\n"));
}

TEST_CASE("streams whose readers leave do not disturb those who stay") {
  ApiCase with;
  with.apply(kGreet);
  RawClient stays = with.client();
  stays.send(ApiCase::request("GET", "/api/v1/logs/stream"));
  stays.read_until("\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    RawClient leaves = with.client();
    leaves.send(ApiCase::request("GET", "/api/v1/logs/stream"));
    leaves.read_until("\r\n\r\n");
  }
  run(with, "greet");
  CHECK(stays.read_until("\n\n").starts_with("id: 1\n"));
}

TEST_CASE("variables are set, listed masked, and deleted") {
  ApiCase with;
  CHECK(with.ask("PUT", "/api/v1/variables/Limits", R"({"value":{"n":7}})").data()["name"] == "Limits");
  CHECK(with.ask("PUT", "/api/v1/variables/limits", R"({"value":{"n":8,"password":"hush"}})").data()["name"] == "Limits");
  const auto listed = with.get("/api/v1/variables").data();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["value"] == Json{{"n", 8}, {"password", "***REDACTED***"}});
  CHECK(with.ask("DELETE", "/api/v1/variables/LIMITS").data()["deleted"] == true);
  CHECK(with.get("/api/v1/variables").data().empty());
}

TEST_CASE("credentials are made, listed without values, and deleted") {
  ApiCase with;
  const Json wanted = {{"name", "ops"}, {"type", "bearer"}, {"fields", {{"token", "token-of-ops"}}}};
  const auto made = with.post("/api/v1/credentials", wanted);
  CHECK(made.status == 201);
  CHECK(made.text.find("token-of-ops") == std::string::npos);
  CHECK(with.post("/api/v1/credentials", wanted).status == 409);
  const auto listed = with.get("/api/v1/credentials");
  CHECK(listed.data()[0]["name"] == "ops");
  CHECK(listed.text.find("token-of-ops") == std::string::npos);
  CHECK(with.ask("DELETE", "/api/v1/credentials/ops").status == 200);
  CHECK(with.ask("DELETE", "/api/v1/credentials/ops").status == 404);
}

TEST_CASE("connectors, webhooks, status and health") {
  ApiCase with;
  with.apply("name: hook\non: { webhook: { verify: { scheme: none } } }\nsteps: [ { log: hi } ]\n");
  CHECK(with.get("/api/v1/connectors").data().size() >= 2);
  const auto hooks = with.get("/api/v1/webhooks");
  REQUIRE(hooks.data().size() == 1);
  CHECK(hooks.data()[0]["url"] == "https://hooks.example" + hooks.data()[0]["path"].get<std::string>());
  CHECK(hooks.data()[0]["scheme"] == "none");
  const auto status = with.get("/api/v1/status");
  CHECK(status.data()["workflows"] == 1);
  CHECK(status.data()["live_executions"] == 0);
  CHECK(with.get("/healthz").status == 200);
  CHECK(with.get("/readyz").status == 200);
  with.ready = false;
  CHECK(with.get("/readyz").status == 503);
}

TEST_CASE("every route refuses a role that is below it") {
  ApiCase with;
  with.apply(kGreet);
  for (const char* line : {"POST /api/v1/workflows/apply", "DELETE /api/v1/workflows/greet", "POST /api/v1/credentials",
                           "GET /api/v1/credentials", "POST /api/v1/workflows/greet/run", "GET /api/v1/status",
                           "POST /api/v1/executions/ex_1/cancel"}) {
    INFO(line);
    const std::string text(line);
    const std::size_t space = text.find(' ');
    const auto answer = with.ask(text.substr(0, space), text.substr(space + 1), "", "X-Test-Role: viewer\r\n");
    CHECK(answer.status == 403);
    CHECK(answer.code() == "forbidden");
  }
  CHECK(with.ask("GET", "/api/v1/workflows/greet", "", "X-Test-Role: viewer\r\n").status == 200);
}
