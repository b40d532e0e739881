// Each scheme's way through the endpoint: where its key is, what it is answered, who may send and how much.
#include "core/base/encoding.h"
#include "core/security/signature.h"
#include "tests/support/signature_kit.h"
#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

/// An instance with the workflow `a`, whose webhook has these keys beside `verify`.
class HookCase : public ApiCase {
 public:
  HookCase(std::string_view verify, const Json& fields, std::string_view more = "", std::string_view type = "generic") {
    if (!fields.empty()) {
      const auto made = post("/api/v1/credentials", {{"name", "gate"}, {"type", std::string(type)}, {"fields", fields}});
      INFO(made.text);
      REQUIRE(made.status == 201);
    }
    const auto applied = apply("name: a\non:\n  webhook:\n    verify: { " + std::string(verify) + " }\n" + std::string(more) +
                               "steps: [ { set: '${{ event }}' } ]\n");
    INFO(applied.text);
    REQUIRE(applied.status == 200);
    id = applied.data()[0]["id"];
  }

  RawAnswer send(std::string_view path, std::string_view body = "{}", std::string_view headers = kJson) {
    return client().ask(request("POST", "/api/webhooks/" + std::string(path), body, headers));
  }
  /// As the scheme's own sender would.
  RawAnswer send_signed(const security::VerifyRule& rule, std::string_view secret, std::string_view body = "{}",
                        std::string_view headers = kJson, std::string_view path = "default/a") {
    const std::string url = "https://hooks.example/api/webhooks/" + std::string(path);
    const auto signature = security::sign(rule, Secret(std::string(secret)), {body, "delivery-1", url}, instance.clock.now());
    REQUIRE(signature);
    std::string all(headers);
    for (const auto& [name, value] : signature->headers) all += name + ": " + value + "\r\n";
    const std::string target = signature->url.empty() ? url : signature->url;
    return client().ask(request("POST", target.substr(target.find("/api/")), body, all));
  }
  Json event_of(const RawAnswer& accepted) {
    const std::string execution = (*parse_json(accepted.body))["data"]["execution_id"];
    return get("/api/v1/executions/" + execution).data()["steps"][0]["outputs"];
  }

  std::string id;
};

RawAnswer ask_to_confirm(HookCase& with, std::string_view query, std::string_view path = "default/a") {
  return with.client().ask(ApiCase::request("GET", "/api/webhooks/" + std::string(path) + std::string(query)));
}

}  // namespace

TEST_CASE("shopify: accepted under its event's id, once") {
  HookCase with("scheme: shopify, credential: gate", {{"secret", "hush-hush"}});
  const auto rule = rule_of(security::Scheme::kShopify);
  CHECK(with.send_signed(rule, "hush-hush").status == 202);
  CHECK(with.send_signed(rule, "hush-hush").status == 200);
  CHECK(with.send_signed(rule, "hush-hasH").status == 401);
  CHECK(with.send("default/a").status == 401);
}

TEST_CASE("twilio: a form and JSON are accepted at the public URL, and answered <Response/>") {
  HookCase with("scheme: twilio, credential: gate", {{"secret", "12345"}});
  const auto rule = rule_of(security::Scheme::kTwilio);
  const auto form = with.send_signed(rule, "12345", "From=%2B1&Body=hi", "Content-Type: application/x-www-form-urlencoded\r\n");
  CHECK(form.status == 200);
  CHECK(form.body == "<Response/>");
  CHECK(form.has("Content-Type: text/xml"));
  CHECK(with.get("/api/v1/executions").data().size() == 1);
  CHECK(with.send_signed(rule, "12345", R"({"a":1})").body == "<Response/>");
  // The same delivery: the answer is the same, and nothing starts.
  CHECK(with.get("/api/v1/executions").data().size() == 1);
  CHECK(with.send_signed(rule, "54321", "From=%2B1").status == 401);
}

TEST_CASE("discord: a PING is answered, anything else is deferred, and both have to be signed") {
  HookCase with("scheme: discord, credential: gate", {{"public_key", kPublicHex}});
  const auto rule = rule_of(security::Scheme::kDiscord);
  const auto ping = with.send_signed(rule, kSeedHex, R"({"id":"1","type":1})");
  CHECK(ping.status == 200);
  CHECK(ping.body == R"({"type":1})");
  CHECK(ping.has("Content-Type: application/json"));
  CHECK(with.get("/api/v1/executions").data().empty());
  for (int i = 0; i < 2; ++i) CHECK(with.send_signed(rule, kSeedHex, R"({"id":"2","type":2})").body == R"({"type":5})");
  CHECK(with.get("/api/v1/executions").data().size() == 1);
  CHECK(with.send("default/a", R"({"id":"1","type":1})").status == 401);
}

TEST_CASE("basic: user and password of a credential of that type, or of a generic one") {
  HookCase with("scheme: basic, credential: gate", {{"username", "robot"}, {"password", "pass:word"}}, "", "basic");
  const auto rule = rule_of(security::Scheme::kBasic);
  CHECK(with.send_signed(rule, "robot:pass:word").status == 202);
  const auto refused = with.send_signed(rule, "robot:password");
  CHECK(refused.status == 401);
  CHECK(refused.has("WWW-Authenticate: Basic realm="));
  HookCase generic("scheme: basic, credential: gate", {{"secret", "robot:new"}, {"previous", "robot:old"}});
  CHECK(generic.send_signed(rule, "robot:new").status == 202);
  CHECK(generic.send_signed(rule, "robot:old").status == 202);
}

TEST_CASE("jwt: audience and issuer are those of the workflow") {
  HookCase with("scheme: jwt, credential: gate, algorithm: ES256, audience: us, issuer: them, leeway: 10s", {{"public_key", kEcPublic}});
  security::VerifyRule rule = jwt_rule("ES256");
  rule.audience = "us";
  rule.issuer = "them";
  const auto accepted = with.send_signed(rule, kEcPrivate);
  CHECK(accepted.status == 202);
  CHECK_FALSE(with.event_of(accepted)["headers"].contains("authorization"));
  rule.audience = "you";
  const auto refused = with.send_signed(rule, kEcPrivate);
  CHECK(refused.status == 401);
  CHECK(refused.has("WWW-Authenticate: Bearer"));
}

TEST_CASE("url-token: the path with the token is accepted by id and by name, and is seen nowhere") {
  const std::string token = "0123456789abcdefghijklmnopqrstuvwxyz-._~";
  HookCase with("scheme: url-token, credential: gate", {{"secret", token}, {"previous", std::string(40, 'o')}});
  for (const std::string& path : {with.id + "/" + token, "default/a/" + token, "default/a/" + std::string(40, 'o')}) {
    const auto accepted = with.send(path);
    REQUIRE(accepted.status == 202);
    const Json event = with.event_of(accepted);
    CHECK(dump_json(event).find(token) == std::string::npos);
    CHECK(event["path"] == "/api/webhooks/" + path.substr(0, path.rfind('/')));
  }
  CHECK(with.send("default/a").status == 401);
  CHECK(with.send(with.id).status == 401);
  CHECK(with.send(with.id + "/" + std::string(40, 'x')).status == 401);
  CHECK(with.send("default/a/" + token + "/more").status == 404);
  CHECK(with.send("default/b/" + token).status == 404);
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=c").status == 401);
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=c", "default/a/" + token).body == "c");
}

TEST_CASE("a token in the path of another scheme is no webhook") {
  HookCase with("scheme: none", {});
  CHECK(with.send(with.id).status == 202);
  CHECK(with.send(with.id + "/" + std::string(40, 'x')).status == 404);
  CHECK(with.send("default/a/" + std::string(40, 'x')).status == 404);
}

TEST_CASE("allow-from: who is not named is refused before the body is read") {
  HookCase with("scheme: none", {}, "    allow-from: [203.0.113.0/24]\n");
  const auto refused = with.send("default/a");  // a Unix socket has no address
  CHECK(refused.status == 403);
  CHECK(refused.body.find("\"forbidden\"") != std::string::npos);
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=c").status == 403);
  const auto early = with.client().ask("POST /api/webhooks/default/a HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
  CHECK(early.status == 403);  // not a byte of the body was sent
}

TEST_CASE("max-body: a workflow takes what it says, chunked bodies too") {
  HookCase small("scheme: none", {}, "    max-body: 2KiB\n");
  CHECK(small.send("default/a", std::string(2048, 'x'), "").status == 202);
  CHECK(small.send("default/a", std::string(2049, 'x'), "").status == 413);
  const std::string chunk = "800\r\n" + std::string(2048, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n";
  CHECK(small.client().ask("POST /api/webhooks/default/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk).status == 413);
  HookCase large("scheme: none", {}, "    max-body: 2MiB\n");
  CHECK(large.send("default/a", std::string(2U << 20U, 'x'), "").status == 202);
  CHECK(large.send("default/a", std::string((2U << 20U) + 1, 'x'), "").status == 413);
}

TEST_CASE("a subscription by GET is confirmed with its challenge, as text that no browser takes for a page") {
  HookCase with("scheme: github, credential: gate", {{"secret", "hush-hush"}, {"verify_token", "knock knock"}});
  const auto right = ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=%3Cb%3E1158201444&hub.verify_token=knock+knock");
  CHECK(right.status == 200);
  CHECK(right.body == "<b>1158201444");
  CHECK(right.has("Content-Type: text/plain"));
  CHECK(right.has("X-Content-Type-Options: nosniff"));
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=knock", with.id).status == 401);
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=1").status == 401);
  CHECK(ask_to_confirm(with, "?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=knock%20knock").body == "1");
  CHECK(ask_to_confirm(with, "?hub.mode=publish&hub.challenge=1&hub.verify_token=knock%20knock").status == 400);
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.verify_token=knock%20knock").status == 400);
  for (const std::string& bad : {std::string(), std::string(1025, 'x'), std::string("a%0Ab"), std::string("%C3%A4")}) {
    CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.verify_token=knock%20knock&hub.challenge=" + bad).status == 400);
  }
  const auto plain = ask_to_confirm(with, "");
  CHECK(plain.status == 405);
  CHECK(plain.has("Allow: POST"));
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=1", "default/nothing").status == 404);
}

TEST_CASE("without a token a subscription is confirmed, but not its end") {
  HookCase with("scheme: github, credential: gate", {{"secret", "hush-hush"}});
  CHECK(ask_to_confirm(with, "?hub.mode=subscribe&hub.challenge=abc").body == "abc");
  CHECK(ask_to_confirm(with, "?hub.mode=unsubscribe&hub.challenge=abc").status == 400);
}
