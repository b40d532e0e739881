// POST /api/webhooks/…, end to end but for the network.
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

std::string hook(std::string_view name, std::string_view more = "",
                 std::string_view steps = "steps: [ { set: '${{ event.body }}' } ]\n") {
  return "name: " + std::string(name) + "\non:\n  webhook:\n    verify: { scheme: none }\n" + std::string(more) +
         std::string(steps);
}

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

ApiCase::Answer deliver(ApiCase& with, std::string_view path, std::string_view body, std::string_view headers = kJson) {
  return with.ask("POST", "/api/webhooks/" + std::string(path), body, headers);
}

}  // namespace

TEST_CASE("a webhook is accepted by the workflow's id and by its name") {
  ApiCase with;
  const std::string id = with.apply(hook("a")).data()[0]["id"];
  for (const std::string& path : {id, std::string("default/a")}) {
    const auto answer = deliver(with, path, R"({"n":1})");
    REQUIRE(answer.status == 202);
    const std::string execution = answer.data()["execution_id"];
    CHECK(with.get("/api/v1/executions/" + execution).data()["steps"][0]["outputs"]["n"] == 1);
  }
}

TEST_CASE("what is no webhook, or wrong, is answered so") {
  ApiCase with;
  with.apply(hook("a"));
  with.apply("name: manual-only\non: { manual: {} }\nsteps: [ { log: hi } ]\n");
  CHECK(deliver(with, "wf_nothing", "{}").status == 404);
  CHECK(deliver(with, "default/manual-only", "{}").status == 404);
  CHECK(deliver(with, "other/a", "{}").status == 404);
  CHECK(deliver(with, "default/a", "{").status == 400);
  CHECK(deliver(with, "default/a", std::string((1U << 20U) + 1, 'x'), "").status == 413);
}

TEST_CASE("a large body goes to a worker and comes out the same") {
  ApiCase with;
  with.apply(hook("a"));
  const std::string text(200'000, 'x');
  const auto answer = deliver(with, "default/a", dump_json(Json{{"text", text}}));
  REQUIRE(answer.status == 202);
  const auto shown = with.get("/api/v1/executions/" + answer.data()["execution_id"].get<std::string>());
  CHECK(shown.data()["steps"][0]["outputs"]["text"] == text);
}

TEST_CASE("a filter lets through what it is told to") {
  ApiCase with;
  with.apply(hook("a", "    filter: ${{ event.body.n > 1 }}\n"));
  const auto filtered = deliver(with, "default/a", R"({"n":1})");
  CHECK(filtered.status == 200);
  CHECK(filtered.data() == Json{{"execution_id", nullptr}, {"reason", "filtered"}});
  CHECK(deliver(with, "default/a", R"({"n":2})").status == 202);
}

TEST_CASE("a filter that is too much for the io thread is evaluated all the same") {
  ApiCase with;
  with.apply(hook("a", "    filter: ${{ contains(join(event.body, ','), 'needle') }}\n"));
  Json list = Json::array();
  for (int i = 0; i < 15'000; ++i) list.push_back(1);
  list.push_back("needle");
  CHECK(deliver(with, "default/a", dump_json(list)).status == 202);
}

TEST_CASE("the same dedupe key answers with the first execution") {
  ApiCase with;
  with.apply(hook("a", "    dedupe: ${{ event.body.id }}\n"));
  const auto first = deliver(with, "default/a", R"({"id":"x"})");
  const auto second = deliver(with, "default/a", R"({"id":"x"})");
  CHECK(second.status == 200);
  CHECK(second.data()["execution_id"] == first.data()["execution_id"]);
  CHECK(second.data()["reason"] == "duplicate");
  CHECK(deliver(with, "default/a", R"({"id":"y"})").status == 202);
  CHECK(deliver(with, "default/a", "{}").status == 202);
  CHECK(deliver(with, "default/a", "{}").status == 202);  // without a key nothing is a duplicate
}

TEST_CASE("long keys and keys that are no scalar are told apart") {
  ApiCase with;
  with.apply(hook("a", "    dedupe: ${{ event.body.id }}\n"));
  const std::string key(100'000, 'k');
  CHECK(deliver(with, "default/a", dump_json(Json{{"id", key + "1"}})).status == 202);
  CHECK(deliver(with, "default/a", dump_json(Json{{"id", key + "2"}})).status == 202);
  CHECK(deliver(with, "default/a", dump_json(Json{{"id", key + "1"}})).status == 200);
  CHECK(deliver(with, "default/a", R"({"id":{"a":1}})").status == 202);
  CHECK(deliver(with, "default/a", R"({"id":{"a":2}})").status == 202);
  CHECK(deliver(with, "default/a", R"({"id":{"a":1}})").status == 200);
}

TEST_CASE("a webhook needs no inputs and has the defaults") {
  ApiCase with;
  REQUIRE(with.apply("name: a\non: { webhook: { verify: { scheme: none } }, manual: {} }\n"
                     "inputs: { who: { type: string, required: true }, n: { type: number, default: 3 } }\n"
                     "steps: [ { set: '${{ inputs.n }}' } ]\n")
              .status == 200);
  const auto answer = deliver(with, "default/a", "{}");
  REQUIRE(answer.status == 202);
  const auto shown = with.get("/api/v1/executions/" + answer.data()["execution_id"].get<std::string>());
  CHECK(shown.data()["steps"][0]["outputs"] == 3);
}

TEST_CASE("a disabled workflow keeps what comes and says so") {
  ApiCase with;
  with.apply(hook("a"));
  with.post("/api/v1/workflows/a/disable", {});
  const auto answer = deliver(with, "default/a", "{}");
  CHECK(answer.status == 202);
  CHECK(answer.data()["reason"] == "disabled");
  CHECK(with.get("/api/v1/executions").data().empty());
}

TEST_CASE("a full backlog is answered 503 with Retry-After") {
  FakeHttpServer sink([](FakeHttpServer::Connection& connection) {
    connection.read_request();
    connection.wait_until_closed();
  });
  ApiCase with({.backlog = 1});
  with.apply(hook("a", "", "steps: [ { uses: http/request, with: { url: '" + sink.url() + "' } } ]\n"));
  CHECK(deliver(with, "default/a", "{}").status == 202);
  const RawAnswer full = with.client().ask(ApiCase::request("POST", "/api/webhooks/default/a", "{}", kJson));
  CHECK(full.status == 503);
  CHECK(full.has("Retry-After: "));
  CHECK(full.body.find("backlog_full") != std::string::npos);
}

TEST_CASE("a signature is checked over the raw body, with the current secret and the one before it") {
  ApiCase with;
  REQUIRE(with.post("/api/v1/credentials", {{"name", "gate"},
                                            {"type", "generic"},
                                            {"fields", {{"secret", "new-secret"}, {"previous", "old-secret"}}}})
              .status == 201);
  REQUIRE(
      with.apply("name: a\non: { webhook: { verify: { scheme: bearer, credential: gate } } }\nsteps: [ { log: hi } ]\n")
          .status == 200);
  const auto with_token = [&](const std::string& token) {
    return deliver(with, "default/a", "{}", std::string(kJson) + "Authorization: Bearer " + token + "\r\n").status;
  };
  CHECK(with_token("new-secret") == 202);
  CHECK(with_token("old-secret") == 202);
  CHECK(with_token("new-secreT") == 401);
  CHECK(deliver(with, "default/a", "{}").status == 401);
}
