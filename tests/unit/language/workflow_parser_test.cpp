#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kComplete = R"(name: order-alerts
description: Tell ops about large orders
x-common:
  retry: &retry { max-attempts: 4, delay: 100ms, max-delay: 2s, backoff: linear, jitter: none, on-unknown: retry }
on:
  webhook:
    verify: { scheme: github, credential: github-endpoint }
    filter: ${{ event.body.type == 'order' }}
    dedupe: ${{ event.body.id }}
  schedule:
    - cron: "30 7 * * MON-FRI"
      timezone: Europe/Berlin
  manual: {}
inputs:
  city: { type: choice, options: [Berlin, Paris], default: Berlin }
  dry-run: { type: boolean, default: false }
steps:
  - id: fetch
    uses: http/request
    credential: shop-api
    with:
      url: https://shop.example/v1/orders
      query: { since: "${{ inputs.city }}" }
      success: status < 500
    retry: *retry
    timeout: 5s
    continue-on-error: true
  - if: steps.fetch.outcome == 'failure' && !cancelled()
    set: { total: "${{ steps.fetch.outputs.body.total }}", fixed: [1, true, null, NO] }
  - log: { level: warn, message: "total ${{ steps.step-2.outputs.total }}" }
  - id: stop
    if: ${{ failure() }}
    fail: nothing to do
outputs:
  total: ${{ steps.step-2.outputs.total }}
)";

Json evaluated(const language::TemplateTree& tree, const Json& contexts) {
  const auto value = tree.evaluate(language::JsonContext(contexts), {});
  REQUIRE(value);
  return *value;
}

}  // namespace

TEST_CASE("a complete workflow is read as it is written") {
  const auto workflow = only_workflow(kComplete);
  CHECK(workflow->name == "order-alerts");
  CHECK(workflow->description == "Tell ops about large orders");
  CHECK(workflow->source == kComplete);
  CHECK(workflow->manual);
  REQUIRE(workflow->webhook);
  CHECK(workflow->webhook->scheme == "github");
  CHECK(workflow->webhook->credential == "github-endpoint");
  CHECK(workflow->webhook->filter);
  CHECK(workflow->webhook->dedupe);
  CHECK(workflow->webhook->position == SourcePosition{6, 3});
  REQUIRE(workflow->schedules.size() == 1);
  CHECK(workflow->schedules[0].cron == "30 7 * * MON-FRI");
  CHECK(workflow->schedules[0].timezone == "Europe/Berlin");
  REQUIRE(workflow->inputs.size() == 2);
  CHECK(workflow->inputs[0].options == std::vector<std::string>{"Berlin", "Paris"});
  CHECK(workflow->inputs[1].default_value == Json(false));
  REQUIRE(workflow->outputs.size() == 1);
}

TEST_CASE("steps keep their kind, their id, their place and their policies") {
  const auto workflow = only_workflow(kComplete);
  REQUIRE(workflow->steps.size() == 4);
  const auto& fetch = workflow->steps[0];
  CHECK(fetch.id == "fetch");
  CHECK(fetch.kind() == "uses");
  CHECK(fetch.position == SourcePosition{18, 5});
  CHECK(fetch.continue_on_error);
  const auto& uses = std::get<language::UsesStep>(fetch.action);
  CHECK(uses.connector == "http");
  CHECK(uses.action == "request");
  CHECK(uses.credential == "shop-api");
  CHECK(uses.timeout == 5s);
  CHECK(uses.retry.max_attempts == 4);
  CHECK(uses.retry.backoff == language::RetryPolicy::Backoff::kLinear);
  CHECK(uses.retry.delay == 100ms);
  CHECK(uses.retry.max_delay == 2s);
  CHECK(uses.retry.jitter == language::RetryPolicy::Jitter::kNone);
  CHECK(uses.retry.retry_unknown);
  CHECK(uses.retry.max_defer == 1h);
  CHECK(workflow->steps[1].id == "step-2");
  CHECK(workflow->steps[1].condition);
  CHECK(workflow->steps[2].kind() == "log");
  CHECK(std::get<language::LogStep>(workflow->steps[2].action).level == domain::LogLevel::kWarn);
  CHECK(workflow->steps[3].kind() == "fail");
}

TEST_CASE("values with expressions keep their shape and their types") {
  const auto workflow = only_workflow(kComplete);
  const auto& uses = std::get<language::UsesStep>(workflow->steps[0].action);
  const Json with = evaluated(uses.with, {{"inputs", {{"city", "Paris"}}}});
  CHECK(with == Json::parse(R"({"url":"https://shop.example/v1/orders","query":{"since":"Paris"},"success":"status < 500"})"));
  const auto& set = std::get<language::SetStep>(workflow->steps[1].action);
  const Json contexts = Json::parse(R"({"steps":{"fetch":{"outputs":{"body":{"total":12345678901234567890}}}}})");
  CHECK(evaluated(set.value, contexts).dump() == R"({"total":12345678901234567890,"fixed":[1,true,null,"NO"]})");
  CHECK_FALSE(set.value.is_literal());
}

TEST_CASE("one budget holds for a whole tree of expressions") {
  const auto workflow = only_workflow(with_steps("  - set: [ \"${{ event.body }}\", \"${{ event.body }}\", \"${{ event.body }}\" ]\n"));
  const Json contexts = {{"event", {{"body", std::string(1000, 'x')}}}};
  const language::JsonContext context(contexts);
  const auto& value = std::get<language::SetStep>(workflow->steps[0].action).value;
  CHECK(value.evaluate(context, {1000, 10'000}));
  const auto refused = value.evaluate(context, {1000, 2'500});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "budget_exceeded");
}

TEST_CASE("a workflow knows its credentials, once each, with the types that fit") {
  const auto workflow = only_workflow(kComplete);
  REQUIRE(workflow->credentials.size() == 2);
  CHECK(workflow->credentials[0].name == "github-endpoint");
  CHECK(workflow->credentials[0].types == std::vector<std::string>{"generic"});
  CHECK(workflow->credentials[0].position == SourcePosition{7, 43});
  CHECK(workflow->credentials[1].name == "shop-api");

  const auto shared = only_workflow(with_steps(
      "  - { uses: http/request, credential: a, with: { url: x } }\n  - { uses: http/request, credential: a, with: { url: x } }\n"));
  CHECK(shared->credentials.size() == 1);
  CHECK(problems(with_steps("  - { uses: http/request, credential: a, with: { url: x } }\n"
                            "  - { uses: slack/post-message, credential: a, with: { channel: x, text: y } }\n")) ==
        "5:45 credential_conflict");
}

TEST_CASE("a stream holds a workflow a document, each with a source that reads alike") {
  const std::string text = "# shared\nname: a\non: { manual: {} }\nsteps: [ { log: x } ]\n---\nname: b\non: { manual: {} }\n"
                           "steps: [ { log: x } ]\n--- # third\nname: c\non: { manual: {} }\nsteps: [ { log: x } ]\n---\n";
  const auto parsed = parse(text);
  REQUIRE(parsed);
  REQUIRE(parsed->size() == 3);
  CHECK((*parsed)[1]->source == "name: b\non: { manual: {} }\nsteps: [ { log: x } ]\n");
  for (const auto& workflow : *parsed) {
    const auto again = only_workflow(workflow->source);
    CHECK(again->name == workflow->name);
    CHECK(again->source == workflow->source);
  }
  CHECK(problems("name: a\non: { manual: {} }\nsteps: [ { log: x } ]\n---\nname: a\non: { manual: {} }\nsteps: [ { log: x } ]\n") ==
        "5:7 duplicate_workflow");
}

TEST_CASE("hmac keeps its options as text") {
  const auto workflow = only_workflow(with_triggers(
      "  webhook:\n    verify:\n      scheme: hmac\n      credential: c\n      algorithm: sha512\n      header: X-Sig\n"
      "      encoding: base64\n      prefix: v1=\n      timestamp-header: X-Time\n      tolerance: 90s\n"
      "      payload: '{timestamp}.{body}'\n"));
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"algorithm", "sha512"}, {"header", "X-Sig"},    {"encoding", "base64"},         {"prefix", "v1="},
      {"timestamp-header", "X-Time"}, {"tolerance", "1m30s"}, {"payload", "{timestamp}.{body}"}};
  CHECK(workflow->webhook->options == expected);
}

TEST_CASE("`scheme: none` needs no credential") {
  const auto workflow = only_workflow(with_triggers("  webhook: { verify: { scheme: none } }\n"));
  CHECK(workflow->webhook->credential.empty());
}

TEST_CASE("who may send, and how much, are read into what the daemon asks") {
  const auto workflow = only_workflow(
      with_triggers("  webhook:\n    verify: { scheme: none }\n    allow-from: [203.0.113.0/24, '::ffff:198.51.100.0/120']\n"
                    "    max-body: 1500KiB\n"));
  const auto& on = *workflow->webhook;
  REQUIRE(on.allow_from.size() == 2);
  CHECK(on.allow_from[0].contains("203.0.113.255"));
  CHECK(on.allow_from[1] == IpNetwork::parse("198.51.100.0/24"));
  CHECK(on.max_body == std::size_t{1500 * 1024});
  CHECK(on.answer.kind == language::WebhookAnswer::Kind::kAccepted);
}

TEST_CASE("an input that the connector evaluates itself stays a text, with or without braces") {
  for (const std::string_view condition : {"status == 404", "${{ status == 404 && body.ok }}"}) {
    const auto workflow =
        only_workflow(with_steps("  - uses: http/request\n    with:\n      url: x\n      success: " + std::string(condition) + "\n"));
    const auto& with = std::get<language::UsesStep>(workflow->steps[0].action).with;
    CHECK(evaluated(with, Json::object())["success"] == condition);
    CHECK(with.is_literal());
  }
}
