#include "core/connectors/manifest.h"

#include "core/connectors/manifest_connector.h"
#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"
#include "tests/support/fake_clock.h"

using namespace ipaas;
using namespace ipaas::connectors;
using namespace ipaas::test;

namespace {

// What the services that come next need: a key in the query, a bot header, path parameters, an idempotency header.
constexpr const char* kManifest = R"(
name: shop
description: A shop
base-url: https://shop.example/v1
credential:
  type: shop
  description: A key
  fields:
    key: { description: The key }
    bot: { description: The bot token }
  one-of: [[key, bot]]
  attach:
    key: { needs: [key], query: { appid: "${{ credential.key }}" } }
    bot: { needs: [bot], headers: { Authorization: "Bot ${{ credential.bot }}" } }
errors:
  reason: ${{ body.code }}
  retry-after: ${{ body.retry_after }}
  deferred: [slow_down]
actions:
  order:
    description: Reads an order
    credential: [key, bot]
    optional-credential: true
    inputs:
      id: { type: string, required: true, description: The order }
      fields: { type: array, description: What to read }
      note: { type: string, description: A header }
    request:
      path: [orders, "${{ inputs.id }}", lines]
      query: { fields: "${{ inputs.fields }}" }
      headers: { X-Note: "${{ inputs.note }}" }
    outputs: { id: "${{ body.id }}", asked: "${{ inputs.id }}" }
  pay:
    description: Pays
    inputs:
      ref: { type: string, description: A reference }
    request:
      method: POST
      path: /pay
      idempotency-header: Idempotency-Key
      json: { kind: pay, nested: { ref: "${{ inputs.ref }}" } }
)";

ManifestConnector shop() {
  auto manifest = read_manifest(kManifest, "shop.yaml");
  if (!manifest) FAIL(to_string(manifest.error()));
  return ManifestConnector(std::move(*manifest));
}

std::string problem(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  const auto manifest = read_manifest(text.replace(at, from.size(), to), "shop.yaml");
  REQUIRE_FALSE(manifest);
  CHECK(manifest.error().code == "bad_manifest");
  CHECK(manifest.error().file == "shop.yaml");
  return manifest.error().message;
}

}  // namespace

TEST_CASE("inputs become segments, parameters and headers, and cannot leave their place") {
  const auto connector = shop();
  const auto call = connector.prepare(call_of("shop", "order", R"({"id": "a/../b?c", "fields": ["x", "y"]})"), {});
  REQUIRE(call);
  CHECK(call->url == "https://shop.example/v1/orders/a%2F..%2Fb%3Fc/lines?fields=x&fields=y");
  CHECK(header_of(*call, "X-Note") == "(none)");
  for (const auto* inputs : {R"({"id": ".."})", R"({"id": ""})", R"({"id": "."})", R"({"id": "1", "note": "a\r\nX: y"})"}) {
    const auto refused = connector.prepare(call_of("shop", "order", inputs), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "input_invalid");
  }
}

TEST_CASE("the first way that the credential fits is taken") {
  const auto connector = shop();
  const auto request = call_of("shop", "order", R"({"id": "1"})", "secret-door");
  auto call = connector.prepare(request, credential_of("shop", R"({"key": "abcd"})"));
  REQUIRE(call);
  CHECK(call->credential_query[0].first == "appid");
  CHECK(call->credential_query[0].second.reveal() == "abcd");
  CHECK(call->url.find("abcd") == std::string::npos);
  call = connector.prepare(request, credential_of("shop", R"({"bot": "efgh"})"));
  CHECK(call->credential_headers[0].second.reveal() == "Bot efgh");
}

TEST_CASE("an idempotency header makes an action repeatable, and empty parts of the body are left out") {
  const auto connector = shop();
  const auto request = call_of("shop", "pay", "{}");
  const auto call = connector.prepare(request, {});
  REQUIRE(call);
  CHECK(header_of(*call, "Idempotency-Key") == "ex_1/notify");
  CHECK(call->body == R"({"kind":"pay"})");
  CHECK(connector.repeatable(request));
  CHECK(connector.repeatable(call_of("shop", "order", "{}")));
}

TEST_CASE("a reason in the body decides over the status, and may say how long to wait") {
  const auto meaning = shop().interpret(call_of("shop", "pay", "{}"),
                                        reply_of(400, "application/json", R"({"code": "slow_down", "retry_after": 1.5})"),
                                        FakeClock().now());
  CHECK(meaning.failure_class == Interpretation::Class::kDeferred);
  CHECK(meaning.retry_after == std::chrono::milliseconds(1500));
  CHECK(meaning.message == "shop/pay answered 400: slow_down");
}

TEST_CASE("outputs may name inputs; without a template they are the body") {
  const auto reply = reply_of(200, "application/json", R"({"id": 5})");
  CHECK(shop().interpret(call_of("shop", "order", R"({"id": "1"})"), reply, {}).outputs == json(R"({"id": 5, "asked": "1"})"));
  CHECK(shop().interpret(call_of("shop", "pay", "{}"), reply, {}).outputs == json(R"({"id": 5})"));
}

TEST_CASE("a manifest that is wrong is refused with its place") {
  CHECK(problem(kManifest, "outputs:", "output:") == "the action order has no key `output`: did you mean `outputs`?");
  CHECK(problem(kManifest, "method: POST", "method: post") == "`method` of the request is not a method");
  CHECK(problem(kManifest, "path: /pay", "path: \"/${{ inputs.ref }}\"").find("list of segments") != std::string::npos);
  CHECK(problem(kManifest, "[key, bot]\n    optional", "[kye]\n    optional").find("way that does not exist") != std::string::npos);
  CHECK(problem(kManifest, "needs: [bot]", "needs: [bott]").find("field that does not exist") != std::string::npos);
  CHECK(problem(kManifest, "type: array", "type: list").find("`type` of the input fields") == 0);
  CHECK(problem(kManifest, "description: Pays", "x: y").find("`description` of the action pay is missing") == 0);
  // The credential exists for its own section only.
  CHECK_FALSE(problem(kManifest, "X-Note: \"${{ inputs.note }}\"", "X-Note: \"${{ credential.key }}\"").empty());
}
