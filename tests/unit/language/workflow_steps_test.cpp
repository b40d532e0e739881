// Steps that hold steps or wait, and who sees whom.

#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

struct Row {
  std::string_view steps;
  std::string_view expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.steps);
    CHECK(problems(with_steps(row.steps)) == row.expected);
  }
}

std::string top(std::string_view keys) { return "name: demo\non: { manual: {} }\n" + std::string(keys) + "steps: [ { log: x } ]\n"; }

void check_top(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.steps);
    CHECK(problems(top(row.steps)) == row.expected);
  }
}

constexpr std::string_view kEverything = R"(name: order-alerts
description: Tell ops about large orders
on:
  webhook:
    verify: { scheme: github, credential: github-hook }
    filter: ${{ event.body.type == 'paid' }}
  schedule:
    - { cron: "30 7 * * MON-FRI", timezone: Europe/Berlin, catchup: all, catchup-window: 2d, jitter: 30s, inputs: { city: Paris } }
  manual: {}
  workflow: { names: [import-orders], when: [succeeded] }
inputs:
  city: { type: choice, options: [Berlin, Paris], default: Berlin }
  token: { type: string, sensitive: true }
concurrency: { group: "orders-${{ event.body.customer }}", limit: 2, on-limit: queue, queue-limit: 10 }
timeout: 10m
retention: { executions: 30d, payloads: 7d }
priority: high
labels: { team: shop }
defaults:
  credentials: { slack: slack-ops }
  retry: { max-attempts: 7 }
steps:
  - id: orders
    uses: http/request
    with: { url: https://shop.example/v1/orders }
    rate-limit: { key: shop-api, limit: 10/s }
    idempotency-key: ${{ execution.id }}
    sensitive: true
  - parallel:
      - { id: wx, uses: http/request, with: { url: "https://wx.example/${{ inputs.city }}" }, continue-on-error: true }
      - { id: fx, uses: http/request, with: { url: https://fx.example/latest }, timeout: 5s }
    fail-fast: true
  - id: notify
    for-each: ${{ steps.orders.outputs.body.items }}
    max-parallel: 4
    steps:
      - id: size
        set: ${{ item.total }}
      - switch: ${{ item.total == steps.size.outputs }}
        cases:
          true: [ { id: big, uses: slack/post-message, with: { channel: "#ops", text: "${{ index }} ${{ steps.fx.outcome }}" } } ]
        default:  [ { id: small, log: "${{ item.id }}" } ]
      - log: ${{ steps.big.conclusion }}
  - id: ok
    if: ${{ inputs.city == null }}
    wait-for:
      approval: { roles: [operator], message: "Ship ${{ steps.notify.outputs }}?", self: true }
      timeout: 4h
      on-timeout: continue
      notify: [ { log: "decide at ${{ wait.url }}" } ]
  - wait-for: { callback: {} }
  - sleep: 90s
  - { id: ship, call: ship-orders, with: { ids: "${{ steps.notify.outputs }}" }, wait: false, timeout: 1m }
on-failure:
  - { uses: slack/post-message, with: { channel: "#ops", text: "${{ failure.step }} ${{ steps.ship.outcome }}" } }
finally:
  - { log: "${{ steps.orders.outcome }}" }
outputs: { shipped: "${{ steps.ship.outputs.count }}" }
)";

}  // namespace

TEST_CASE("a workflow that uses everything is read with every value") {
  const auto workflow = only_workflow(kEverything);
  CHECK(workflow->steps.size() == 7);
  CHECK(language::all_steps(*workflow).size() == 17);
  CHECK(workflow->timeout == 10min);
  CHECK(workflow->retention.executions == std::optional<Duration>(24h * 30));
  CHECK(workflow->retention.payloads == std::optional<Duration>(24h * 7));
  CHECK(workflow->priority == language::Priority::kHigh);
  CHECK(workflow->labels.front().second == "shop");
  CHECK(workflow->concurrency->limit == 2);
  CHECK(workflow->concurrency->queue_limit == std::optional(10));
  CHECK(workflow->on_workflow->names == std::vector<std::string>{"import-orders"});
  CHECK(workflow->on_workflow->when == std::vector<std::string>{"succeeded"});
  CHECK(workflow->inputs[1].sensitive);

  const language::ScheduleOn& schedule = workflow->schedules.front();
  CHECK(schedule.catchup == language::ScheduleOn::Catchup::kAll);
  CHECK(schedule.catchup_window == 48h);
  CHECK(schedule.jitter == 30s);
  CHECK(schedule.inputs == Json{{"city", "Paris"}});

  const auto& orders = std::get<language::UsesStep>(workflow->steps[0].action);
  CHECK(orders.rate_limit->count == 10);
  CHECK(orders.rate_limit->per == 1s);
  CHECK(orders.idempotency_key->text() == "${{ execution.id }}");
  CHECK(orders.retry.max_attempts == 7);
  CHECK(workflow->steps[0].sensitive);
  const auto& parallel = std::get<language::ParallelStep>(workflow->steps[1].action);
  CHECK(parallel.fail_fast);
  CHECK(parallel.branches[1].id == "fx");
  const auto& loop = std::get<language::ForEachStep>(workflow->steps[2].action);
  CHECK(loop.max_parallel == 4);
  const auto& choice = std::get<language::SwitchStep>(loop.steps[1].action);
  CHECK(loop.steps[1].id == "step-7");
  CHECK(choice.cases[0].value == "true");
  CHECK(choice.otherwise[0].id == "small");
  const auto& message = std::get<language::UsesStep>(choice.cases[0].steps[0].action);
  CHECK(message.credential == "slack-ops");
  const auto& approval = std::get<language::WaitForStep>(workflow->steps[3].action);
  CHECK(approval.kind == language::WaitForStep::Kind::kApproval);
  CHECK(approval.roles == std::vector<std::string>{"operator"});
  CHECK(approval.self);
  CHECK(approval.timeout == 4h);
  CHECK(approval.on_timeout == language::WaitForStep::OnTimeout::kContinue);
  CHECK(approval.notify.size() == 1);
  const auto& callback = std::get<language::WaitForStep>(workflow->steps[4].action);
  CHECK(callback.kind == language::WaitForStep::Kind::kCallback);
  CHECK(callback.timeout == 24h);
  CHECK(std::get<language::SleepStep>(workflow->steps[5].action).duration.text() == "1m30s");
  const auto& call = std::get<language::CallStep>(workflow->steps[6].action);
  CHECK(call.workflow == "ship-orders");
  CHECK_FALSE(call.wait);
  CHECK(workflow->on_failure.size() == 1);
  CHECK(workflow->finally.size() == 1);
  CHECK(workflow->warnings.empty());
}

TEST_CASE("steps that hold steps are checked") {
  check({{"  - parallel: []\n", "4:15 missing_value"},
         {"  - parallel:\n", "4:5 wrong_type"},
         {"  - parallel: { a: 1 }\n", "4:15 wrong_type"},
         {"  - parallel: [ { log: a } ]\n    fail-fast: maybe\n", "5:16 wrong_type"},
         {"  - parallel: [ { lgo: a } ]\n", "4:17 missing_kind, 4:19 unknown_key"},
         {"  - for-each: [1, 2]\n", "4:5 missing_key"},
         {"  - for-each: event.items\n    steps: [ { log: a } ]\n", "4:15 wrong_type"},
         {"  - for-each: { a: 1 }\n    steps: [ { log: \"${{ item.key }}\" } ]\n", ""},
         {"  - for-each: [1]\n    max-parallel: 0\n    steps: [ { log: a } ]\n", "5:19 out_of_range"},
         {"  - for-each: [1]\n    steps: {}\n", "5:12 wrong_type"},
         {"  - switch: ${{ event.id }}\n", "4:5 missing_key"},
         {"  - switch: event.id\n    cases: { a: [ { log: x } ] }\n", "4:13 wrong_type"},
         {"  - switch: ${{ event.id }}\n    cases: []\n", "5:12 wrong_type"},
         {"  - switch: ${{ event.id }}\n    cases: { a: 1 }\n", "5:17 wrong_type"},
         {"  - switch: ${{ event.id }}\n    cases: { \"${{ event.id }}\": [ { log: x } ] }\n", "5:14 expression_in_key"},
         {"  - switch: ${{ event.id }}\n    cases: { a: [ { log: x } ], a: [ { log: y } ] }\n", "5:33 duplicate_key"},
         {"  - log: a\n    steps: [ { log: b } ]\n", "5:5 unexpected_key"},
         {"  - log: a\n    cases: {}\n    wait: true\n", "5:5 unexpected_key, 6:5 unexpected_key"},
         {"  - log: a\n    parallel: [ { log: b } ]\n", "5:5 several_kinds"}});
}

TEST_CASE("steps that wait are checked") {
  check({{"  - sleep: soon\n", "4:12 bad_duration"},
         {"  - sleep: 0s\n", "4:12 out_of_range"},
         {"  - sleep: ${{ event.query }}\n", ""},
         {"  - sleep: ${{ nope }}\n", "4:16 unknown_context"},
         {"  - sleep: [1s]\n", "4:12 wrong_type"},
         {"  - call: Big\n", "4:11 bad_name"},
         {"  - call: demo\n", "4:11 call_cycle"},
         {"  - call: other\n    with: 5\n", "5:11 wrong_type"},
         {"  - call: other\n    credential: c\n", "5:5 unexpected_key"},
         {"  - wait-for: {}\n", "4:5 missing_key"},
         {"  - wait-for: { callback: {}, approval: {} }\n", "4:5 exclusive_keys"},
         {"  - wait-for: { callback: { a: 1 } }\n", "4:29 unknown_key"},
         {"  - wait-for: { approval: { roles: [boss] } }\n", "4:37 bad_value"},
         {"  - wait-for: { approval: { roles: [] } }\n", "4:36 missing_value"},
         {"  - wait-for: { approval: , timeout: 0s }\n", "4:38 out_of_range"},
         {"  - wait-for: { approval: , on-timeout: approve }\n", "4:41 bad_value"},
         {"  - wait-for: { approval: , notify: hi }\n", "4:37 wrong_type"},
         {"  - wait-for: approval\n", "4:15 wrong_type"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a }\n", "6:5 missing_key"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 10 }\n", "6:34 wrong_type"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 0/s }\n", "6:34 bad_value"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 1/20000w }\n", "6:34 bad_value"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 1/367d }\n", "6:34 bad_value"},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 1/366d }\n", ""},
         {"  - uses: http/request\n    with: { url: x }\n    rate-limit: { key: a, limit: 100/5m }\n", ""}});
}

TEST_CASE("the top of a workflow is checked") {
  check_top({{"concurrency: {}\n", "3:1 missing_key"},
             {"concurrency: 5\n", "3:14 wrong_type"},
             {"concurrency: { group: \"${{ steps.a.outputs }}\" }\n", "3:28 unknown_context"},
             {"concurrency: { group: x, limit: 0 }\n", "3:33 out_of_range"},
             {"concurrency: { group: x, on-limit: drop }\n", "3:36 bad_value"},
             {"concurrency: { group: x, on-limit: skip, queue-limit: 3 }\n", "3:42 unexpected_key"},
             {"timeout: 0s\n", "3:10 out_of_range"},
             {"retention: { executions: 1m }\n", "3:26 out_of_range"},
             {"retention: { executions: 1d, payloads: 2d }\n", "3:40 out_of_range"},
             {"priority: urgent\n", "3:11 bad_value"},
             {"labels: [a]\n", "3:9 wrong_type"},
             {"labels: { a: 1 }\n", "3:14 wrong_type"},
             {"defaults: { credentials: { slak: a } }\n", "3:28 unknown_connector"},
             {"defaults: { credentials: { slack: 'a b' } }\n", "3:35 bad_name"},
             {"defaults: { timeout: 5s }\n", "3:13 unknown_key"},
             {"on-failure: []\n", "3:13 missing_value"},
             {"finally: [ { id: step-1, log: x } ]\n", "3:18 duplicate_id"},
             {"on-failure: [ { log: \"${{ failure.message }}\" } ]\n", ""},
             {"finally: [ { log: \"${{ failure.message }}\" } ]\n", "3:24 unknown_context"}});
}

TEST_CASE("a step sees those that have run for certain or may have") {
  check({{"  - parallel:\n      - { id: a, log: x }\n      - { id: b, log: \"${{ steps.a.outcome }}\" }\n", "6:34 unknown_step"},
         {"  - parallel:\n      - { id: a, log: x }\n  - log: ${{ steps.a.outcome }}\n", ""},
         {"  - for-each: [1]\n    steps: [ { id: a, log: x } ]\n  - log: ${{ steps.a.outcome }}\n", "6:20 unknown_step"},
         {"  - { id: b, log: x }\n  - for-each: [1]\n    steps: [ { id: a, log: x }, { log: \"${{ steps.a.outcome }} ${{ steps.b.outcome }}\" } ]\n", ""},
         {"  - id: l\n    for-each: [1]\n    steps: [ { log: \"${{ steps.l.outputs }}\" } ]\n", "6:32 unknown_step"},
         {"  - switch: ${{ event.id }}\n    cases:\n      a: [ { id: a, log: x } ]\n      b: [ { log: \"${{ steps.a.outcome }}\" } ]\n", "7:30 unknown_step"},
         {"  - switch: ${{ event.id }}\n    cases:\n      a: [ { id: a, log: x } ]\n  - log: ${{ steps.a.outcome }}\n", ""},
         {"  - { id: a, log: x }\n  - { id: A, log: x }\n", "5:11 duplicate_id"},
         {"  - { id: a, log: x }\n  - parallel: [ { id: a, log: x } ]\n", "5:23 duplicate_id"},
         {"  - log: ${{ item }}\n", "4:14 unknown_context"},
         {"  - for-each: ${{ item }}\n    steps: [ { log: x } ]\n", "4:19 unknown_context"},
         {"  - wait-for: { callback: {}, notify: [ { id: n, log: \"${{ wait.url }}\" } ] }\n  - log: ${{ wait.url }} ${{ steps.n.outcome }}\n",
          "5:14 unknown_context"}});
  CHECK(first_error(with_steps("  - { id: l, for-each: [1], steps: [ { id: a, log: x } ] }\n  - log: ${{ steps.a.outcome }}\n")) ==
        "flow.yaml:5:20: step `a` is inside of `l` and is seen only there: name `steps.l.outputs` [unknown_step]");
}

TEST_CASE("what an expression names of a context is there") {
  check({{"  - log: ${{ inputs.city }}\n", "4:21 unknown_input"},
         {"  - log: ${{ event.bdoy.x }} ${{ event.Body.x }}\n", "4:20 unknown_property"},
         {"  - log: ${{ execution.di }}\n", "4:24 unknown_property"},
         {"  - log: ${{ event['body'][inputs.x] }}\n", "4:35 unknown_input"},
         {"  - log: ${{ map(event.body, o => o.inputs.x) }}\n", ""},
         {"  - log: ${{ nope }} and ${{ event.x }} and ${{ 1 + }}\n", "4:14 unknown_context, 4:51 unexpected_symbol"}});
}

TEST_CASE("what is right but suspicious is warned of") {
  const auto warnings = [](const std::string& text) { return places_of(only_workflow(text)->warnings); };
  CHECK(warnings(with_steps("  - { if: false, log: x }\n")) == "4:5 never_runs");
  CHECK(warnings(with_steps("  - { if: \"${{ false }}\", log: x }\n")) == "4:5 never_runs");
  CHECK(warnings(with_steps("  - fail: x\n  - log: y\n  - { if: always(), log: z }\n")) == "5:5 never_runs");
  CHECK(warnings(with_steps("  - { if: event.id, fail: x }\n  - log: y\n")).empty());
  CHECK(warnings(with_steps("  - { continue-on-error: true, fail: x }\n  - log: y\n")).empty());
  CHECK(warnings(with_triggers("  webhook: { verify: { scheme: none } }\n")) == "3:14 open_webhook");
  CHECK(warnings(with_triggers("  schedule: [ { cron: '0 0 1 * MON' } ]\n")) == "3:23 both_days");
  CHECK(warnings(top("defaults: { credentials: { slack: ops } }\n")) == "3:35 unused_credential");
}

TEST_CASE("a literal that looks like a secret is warned of without being shown") {
  const FakeCatalog catalog;
  const auto looks_secret = [](std::string_view key, std::string_view text) { return key == "token" || text.starts_with("sk_"); };
  const auto parsed = language::parse_workflows(
      with_steps("  - set: { token: abcdef, list: [sk_live_1], text: plain }\n"), "flow.yaml", catalog, looks_secret);
  REQUIRE(parsed);
  const auto& warnings = parsed->front()->warnings;
  CHECK(places_of(warnings) == "4:19 secret_literal, 4:34 secret_literal");
  CHECK(to_string(warnings.front()).find("abcdef") == std::string::npos);
}

TEST_CASE("500 steps are counted wherever they are") {
  std::string steps = "  - parallel:\n";
  for (int i = 0; i < 499; ++i) steps += "      - log: x\n";
  CHECK(problems(with_steps(steps)).empty());
  CHECK(problems(with_steps(steps + "  - log: x\n")) == "504:5 too_many_steps");
}
