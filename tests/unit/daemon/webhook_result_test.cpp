// `respond: result` and shaped answers, and callers who do not wait for them.
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

std::string hook(std::string_view name, std::string_view more, std::string_view rest) {
  return "name: " + std::string(name) + "\non:\n  webhook:\n    verify: { scheme: none }\n" + std::string(more) + std::string(rest);
}

/// Goes on when it is called back.
std::string patient(std::string_view name, std::string_view more = "    respond: result\n") {
  return hook(name, more, "steps: [ { id: x, wait-for: { callback: {} } } ]\noutputs: { n: '${{ steps.x.outputs }}' }\n");
}

void call_back(ApiCase& with, const ExecutionId& id) {
  REQUIRE(with.post("/api/v1/executions/" + id.str() + "/signal", Json{{"step", "x"}, {"data", 7}}).status == 200);
}

std::string post(std::string_view name, std::string_view body = "{}") {
  return ApiCase::request("POST", "/api/webhooks/default/" + std::string(name), body, kJson);
}

/// The only execution, once it is in that state.
ExecutionId only(ApiCase& with, std::string_view status) {
  std::string id;
  REQUIRE(with.instance.eventually([&] {
    const auto found = with.get("/api/v1/executions");
    if (found.data().size() != 1 || found.data()[0]["status"] != std::string(status)) return false;
    id = found.data()[0]["id"];
    return true;
  }));
  return ExecutionId(id);
}

Json body_of(const RawAnswer& answer) { return parse_json(answer.body).value(); }

}  // namespace

TEST_CASE("the sender is answered with the outputs") {
  ApiCase with;
  with.apply(hook("a", "    respond: result\n", "steps: [ { id: x, set: '${{ event.body.n }}' } ]\noutputs: { n: '${{ steps.x.outputs }}' }\n"));
  const auto answer = with.ask("POST", "/api/webhooks/default/a", R"({"n":3})", kJson);
  CHECK(answer.status == 200);
  CHECK(answer.body["success"] == true);
  CHECK(answer.data() == Json{{"n", 3}});
}

TEST_CASE("a failed execution is a bad gateway, with its error") {
  ApiCase with;
  with.apply(hook("a", "    respond: result\n", "steps: [ { id: no, fail: 'too bad' } ]\n"));
  const auto answer = with.ask("POST", "/api/webhooks/default/a", "{}", kJson);
  CHECK(answer.status == 502);
  CHECK(answer.message().find("too bad") != std::string::npos);
  CHECK(answer.body["error"]["details"][0]["execution_id"].get<std::string>().starts_with("ex_"));
}

TEST_CASE("who waits is answered at the end, whatever that is") {
  ApiCase with;
  with.apply(patient("a"));
  RawClient client = with.client();
  client.send(post("a"));
  const ExecutionId id = only(with, "waiting");
  with.instance.advance(29s);
  CHECK_FALSE(client.readable(0ms));
  SECTION("in time") {
    call_back(with, id);
    const RawAnswer answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(body_of(answer)["data"] == Json{{"n", 7}});
  }
  SECTION("cancelled meanwhile") {
    REQUIRE(with.instance.cancel(id));
    const RawAnswer answer = client.read_answer();
    CHECK(answer.status == 502);
    CHECK(body_of(answer)["error"]["code"] == "cancelled");
  }
}

TEST_CASE("after thirty seconds the answer is that it still runs") {
  ApiCase with;
  with.apply(hook("a", "    respond: result\n", "steps: [ { wait-for: { callback: {} } } ]\n"));
  RawClient client = with.client();
  client.send(post("a"));
  const ExecutionId id = only(with, "waiting");
  with.instance.advance(31s);
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 202);
  CHECK(body_of(answer)["data"] == Json{{"execution_id", id.str()}, {"reason", "running"}});
  client.leave();
  CHECK(only(with, "waiting") == id);
}

TEST_CASE("a duplicate waits for the first one's result") {
  ApiCase with;
  with.apply(patient("a", "    respond: result\n    dedupe: ${{ event.body.id }}\n"));
  RawClient first = with.client();
  first.send(post("a", R"({"id":"x"})"));
  const ExecutionId id = only(with, "waiting");
  RawClient second = with.client();
  second.send(post("a", R"({"id":"x"})"));
  RawClient third = with.client();
  third.send(post("a", R"({"id":"x"})"));
  // Listed deliveries say when both have come in.
  REQUIRE(with.instance.eventually([&] { return with.get("/api/v1/webhooks/a/deliveries").data().size() == 3; }));
  third.leave();  // who sent it again cancels nothing
  call_back(with, id);
  CHECK(first.read_answer().status == 200);
  CHECK(body_of(second.read_answer())["data"] == Json{{"n", 7}});
  only(with, "succeeded");
}

TEST_CASE("a caller who goes away cancels what it waited for") {
  ApiCase with;
  with.apply(patient("a"));
  RawClient client = with.client();
  client.send(post("a"));
  only(with, "waiting");
  SECTION("at once") { client.leave(); }
  SECTION("after it has said that it sends no more") {
    client.half_close();
    client.leave();
  }
  only(with, "cancelled");
}

TEST_CASE("on-disconnect: continue lets it go on") {
  ApiCase with;
  with.apply(patient("a", "    respond: result\n    on-disconnect: continue\n"));
  RawClient client = with.client();
  client.send(post("a"));
  const ExecutionId id = only(with, "waiting");
  client.leave();
  call_back(with, id);
  only(with, "succeeded");
}

TEST_CASE("who only sends no more is still there and gets a whole answer") {
  ApiCase with;
  with.apply(patient("a"));
  RawClient client = with.client();
  client.send(post("a"));
  client.half_close();
  const ExecutionId id = only(with, "waiting");
  REQUIRE(client.readable(10'000ms));  // the beginning of the answer, by which the server sees whether anybody is there
  call_back(with, id);
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 200);
  CHECK(answer.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(body_of(answer)["data"] == Json{{"n", 7}});
}

TEST_CASE("what is sent ahead while one waits is answered in its turn") {
  ApiCase with;
  with.apply(patient("a"));
  RawClient client = with.client();
  client.send(post("a") + ApiCase::request("GET", "/healthz"));
  const ExecutionId id = only(with, "waiting");
  client.send(ApiCase::request("GET", "/healthz"));
  call_back(with, id);
  CHECK(client.read_answer().status == 200);
  CHECK(client.read_answer().status == 200);
  CHECK(client.read_answer().status == 200);
}

TEST_CASE("a workflow shapes its answer") {
  ApiCase with;
  with.apply(hook("a",
                  "    respond:\n      status: 201\n      headers: { X-Total: '${{ steps.x.outputs }}', Content-Type: text/x-own }\n"
                  "      body: 'total ${{ steps.x.outputs }}'\n",
                  "steps: [ { id: x, set: '${{ event.body.n }}' } ]\n"));
  const RawAnswer answer = with.client().ask(post("a", R"({"n":12})"));
  CHECK(answer.status == 201);
  CHECK(answer.has("X-Total: 12\r\n"));
  CHECK(answer.has("Content-Type: text/x-own\r\n"));
  CHECK(answer.body == "total 12");
  SECTION("what is no text is JSON") {
    with.apply(hook("b", "    respond: { body: { n: '${{ event.body.n }}' } }\n", "steps: [ { log: hi } ]\n"));
    const RawAnswer json = with.client().ask(post("b", R"({"n":1})"));
    CHECK(json.status == 200);
    CHECK(json.has("Content-Type: application/json\r\n"));
    CHECK(json.body == R"({"n":1})");
  }
  SECTION("a header cannot smuggle another one in") {
    const RawAnswer smuggled = with.client().ask(post("a", R"({"n":"1\r\nX-Evil: 1"})"));
    CHECK(smuggled.status == 502);
    CHECK_FALSE(smuggled.has("X-Evil"));
  }
  SECTION("an expression that fails is a bad gateway") {
    with.apply(hook("c", "    respond: { body: '${{ fromJSON(event.body.text) }}' }\n", "steps: [ { log: hi } ]\n"));
    const RawAnswer failed = with.client().ask(post("c", R"({"text":"{"})"));
    CHECK(failed.status == 502);
    CHECK(failed.body.find(R"("success":false)") != std::string::npos);
  }
  SECTION("so is an execution that failed") {
    with.apply(hook("d", "    respond: { body: fine }\n", "steps: [ { fail: broken } ]\n"));
    CHECK(with.client().ask(post("d")).status == 502);
  }
}

TEST_CASE("a duplicate of what retention has taken is told which one it was") {
  ApiCase with;
  with.apply("name: a\non:\n  webhook:\n    verify: { scheme: none }\n    dedupe: '${{ event.body.id }}'\n    respond: result\n"
             "steps: [ { id: x, set: 1 } ]\n");
  REQUIRE(with.ask("POST", "/api/webhooks/default/a", R"({"id":"A1"})", kJson).status == 200);
  const ExecutionId id = only(with, "succeeded");
  with.instance.advance(1h);
  const auto purged = store::write_and_wait(
      with.instance.queue, store::PurgeExecutions{.tenant = kTenant, .ended_before = with.instance.clock.now(), .limit = 9});
  REQUIRE(purged->count == 1);
  const auto again = with.ask("POST", "/api/webhooks/default/a", R"({"id":"A1"})", kJson);
  CHECK(again.status == 200);
  CHECK(again.data() == Json{{"execution_id", id.str()}, {"reason", "duplicate"}});
}
