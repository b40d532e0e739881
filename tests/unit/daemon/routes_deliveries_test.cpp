// What came in at a webhook is listed with what became of it, and can be played again.
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

const std::string kHook =
    "name: a\non: { webhook: { verify: { scheme: none }, dedupe: '${{ event.body.id }}', filter: '${{ event.body.n > 0 }}', "
    "max-body: 1KiB } }\nsteps: [ { id: x, set: '${{ event.body.n }}' } ]\noutputs: { n: '${{ steps.x.outputs }}' }\n";

ApiCase::Answer deliver(ApiCase& with, std::string_view body) {
  with.instance.clock.advance(1ms);
  return with.ask("POST", "/api/webhooks/default/a", body, kJson);
}

std::vector<std::string> statuses(ApiCase& with) {
  std::vector<std::string> found;
  const Json deliveries = with.get("/api/v1/webhooks/a/deliveries").data();
  for (const Json& delivery : deliveries) found.push_back(delivery["status"]);
  return found;
}

}  // namespace

TEST_CASE("every kind of delivery is listed, the newest first") {
  ApiCase with;
  REQUIRE(with.apply(kHook).status == 200);
  const std::string first = deliver(with, R"({"id":"1","n":1})").data()["execution_id"];
  CHECK(deliver(with, R"({"id":"1","n":1})").status == 200);
  CHECK(deliver(with, R"({"id":"2","n":0})").status == 200);
  CHECK(deliver(with, "{").status == 400);
  CHECK(deliver(with, std::string(2000, 'x')).status == 413);
  with.post("/api/v1/workflows/a/disable", {});
  CHECK(deliver(with, R"({"id":"3","n":1})").data()["reason"] == "disabled");
  CHECK(statuses(with) == std::vector<std::string>{"disabled", "refused", "refused", "filtered", "duplicate", "accepted"});
  const Json rows = with.get("/api/v1/webhooks/a/deliveries").data();
  CHECK(rows[1]["code"] == "too_large");
  CHECK(rows[2]["reason"].get<std::string>().find("JSON") != std::string::npos);
  CHECK(rows[4]["execution"] == first);
  CHECK(rows[5]["execution"] == first);
  CHECK(with.get("/api/v1/webhooks/a/deliveries?limit=2").data().size() == 2);
  CHECK(with.get("/api/v1/webhooks/a/deliveries?limit=0").status == 400);
  CHECK(with.get("/api/v1/webhooks/nothing/deliveries").status == 404);
  CHECK(with.ask("GET", "/api/v1/webhooks/a/deliveries", "", "X-Test-Tenant: tn_other\r\n").status == 404);
}

TEST_CASE("what was kept is played again with today's version") {
  ApiCase with;
  REQUIRE(with.apply(kHook).status == 200);
  deliver(with, R"({"id":"1","n":5})");
  with.post("/api/v1/workflows/a/disable", {});
  deliver(with, R"({"id":"2","n":6})");
  const Json rows = with.get("/api/v1/webhooks/a/deliveries").data();
  REQUIRE(rows.size() == 2);
  const std::string disabled = rows[0]["id"];
  const std::string accepted = rows[1]["id"];
  CHECK(with.post("/api/v1/deliveries/" + disabled + "/replay", {}).status == 409);
  with.post("/api/v1/workflows/a/enable", {});
  std::string newer = kHook;
  newer.replace(newer.find("set: '${{ event.body.n }}'"), 26, "set: '${{ add(event.body.n, 100) }}'");
  REQUIRE(with.apply(newer).data()[0]["version"] == 2);
  for (const auto& [id, sum] : std::vector<std::pair<std::string, int>>{{disabled, 106}, {accepted, 105}}) {
    const auto played = with.post("/api/v1/deliveries/" + id + "/replay", {});
    REQUIRE(played.status == 202);
    CHECK(with.instance.ended(ExecutionId(played.data()["id"].get<std::string>())).execution.outputs["n"] == sum);
  }
  CHECK(with.ask("POST", "/api/v1/deliveries/" + accepted + "/replay", "", "X-Test-Role: viewer\r\n").status == 403);
  CHECK(with.ask("POST", "/api/v1/deliveries/" + accepted + "/replay", "", "X-Test-Tenant: tn_other\r\n").status == 404);
  CHECK(with.post("/api/v1/deliveries/ev_nothing/replay", {}).status == 404);
}

TEST_CASE("what was not kept cannot be played again") {
  ApiCase with;
  REQUIRE(with.apply(kHook).status == 200);
  deliver(with, R"({"id":"2","n":0})");
  const std::string id = with.get("/api/v1/webhooks/a/deliveries").data()[0]["id"];
  const auto refused = with.post("/api/v1/deliveries/" + id + "/replay", {});
  CHECK(refused.status == 409);
  CHECK(refused.message().find("filtered") != std::string::npos);
}

TEST_CASE("a flood of garbage is a sample of it") {
  ApiCase with;
  REQUIRE(with.apply(kHook).status == 200);
  for (int i = 0; i < 50; ++i) {
    CHECK(with.ask("POST", "/api/webhooks/default/a", "{", kJson).status == 400);
  }
  CHECK(statuses(with).size() == daemon::DeliveryLog::kEachSecond);
  with.instance.clock.advance(1s);
  CHECK(with.ask("POST", "/api/webhooks/default/a", "{", kJson).status == 400);
  CHECK(statuses(with).size() == daemon::DeliveryLog::kEachSecond + 1);
}

TEST_CASE("allow-from and max-body hold from the first request on") {
  ApiCase with;
  std::string closed = kHook;
  closed.replace(closed.find("max-body"), 8, "allow-from: [192.0.2.0/24], max-body");
  REQUIRE(with.apply(closed).status == 200);
  // Refused by the head alone: the body is never asked for.
  RawClient client = with.client();
  client.send("POST /api/webhooks/default/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
  CHECK(client.read_answer().status == 403);
  CHECK(statuses(with) == std::vector<std::string>{"refused"});
}
