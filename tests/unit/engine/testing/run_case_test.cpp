#include "core/engine/testing/run_case.h"

#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::engine::testing;

namespace {

/// A connector that refuses a call without a url, repeats GET only, and takes any status below 400 for a success.
class FakeReceivers final : public Receivers {
 public:
  std::optional<engine::CallFailed> refusal(const domain::CallRequest& call) const override {
    if (!call.inputs.contains("url") || !call.inputs["url"].is_null()) return std::nullopt;
    return test::failed(engine::FailureClass::kRejected, "input_invalid");
  }
  bool repeatable(const domain::CallRequest& call) const override { return !call.inputs.contains("method"); }
  std::variant<Json, engine::CallFailed> interpret(const domain::CallRequest&, const MockReply& reply,
                                                   Instant) const override {
    if (reply.status < 400) return Json{{"status", reply.status}, {"text", reply.body}};
    auto rejected = test::failed(engine::FailureClass::kRejected, "rejected");
    rejected.worth_retrying = false;
    return rejected;
  }
  std::string delivery_id(const std::string& scheme, const Json& headers, const Json&) const override {
    return scheme == "github" && headers.contains("x-id") ? headers["x-id"].get<std::string>() : "";
  }
};

CaseResult run(const std::string& workflow, const std::string& cases) {
  static const test::FakeCatalog catalog;
  const auto parsed = language::parse_workflows("name: flow\n" + workflow, "flow.yaml", catalog);
  if (!parsed) FAIL(to_string(parsed.error().front()));
  const auto tests = read_tests("cases:\n  - name: one\n" + cases, "flow.test.yaml",
                                [](const std::string&) { return Result<std::string>("{}"); });
  if (!tests) FAIL(to_string(tests.error().front()));
  for (const Error& error : check_tests(*tests, *parsed)) FAIL(to_string(error));
  return run_case(tests->cases.front(), *parsed->front(), FakeReceivers());
}

/// "4:10 status", or nothing.
std::string list(const CaseResult& result) {
  std::string text;
  for (const Difference& difference : result.differences) {
    text += (text.empty() ? "" : ", ") + std::to_string(difference.position.line) + ":" +
            std::to_string(difference.position.column) + " " +
            (difference.path.empty() ? difference.message : difference.path);
  }
  return text;
}

constexpr auto kAsk =
    "on: { manual: {} }\ninputs: { n: { type: number, default: 2 } }\nsteps:\n"
    "  - { id: ask, uses: http/request, with: { url: \"https://a.example/${{ inputs.n }}\", query: { a: 1, b: 2 } } }\n"
    "  - { id: sum, set: { total: \"${{ steps.ask.outputs.total }}\" } }\n"
    "  - log: \"total ${{ steps.sum.outputs.total }}\"\n"
    "outputs: { total: \"${{ steps.sum.outputs.total }}\" }\n";
constexpr auto kHook =
    "on: { webhook: { verify: { scheme: github, credential: c }, filter: \"${{ event.body.go }}\" } }\n"
    "steps:\n  - { id: say, set: { id: \"${{ event.id }}\", secret: \"${{ event.headers.authorization }}\", at: \"${{ "
    "event.received_at }}\" } }\n";

}  // namespace

TEST_CASE("a case passes where what came about is what was expected, other members aside") {
  const auto result =
      run(kAsk,
          "    inputs: { n: 7 }\n    mocks: { ask: { outputs: { total: 5, more: true } } }\n    expect:\n"
          "      status: succeeded\n      outputs: { total: 5 }\n"
          "      steps: { ask: { outcome: success, attempts: 1, outputs: { total: 5.0 } } }\n"
          "      calls: [ { step: ask, uses: http/request, tries: 1, with: { url: \"https://a.example/7\" } } ]\n"
          "      logs: [ total 5 ]\n");
  CHECK(list(result).empty());
  CHECK(result.outcome["calls"].size() == 1);
}

TEST_CASE("a difference is told with its path, both values and the place of what was expected") {
  const auto result = run(kAsk,
                          "    mocks: { ask: { outputs: { total: 5 } } }\n    expect:\n      status: failed\n"
                          "      outputs: { total: \"5\", gone: 1 }\n      calls:\n        - with: { url: x }\n"
                          "      logs: [ total 6 ]\n");
  CHECK(list(result) == "5:15 status, 6:25 outputs.total, 6:36 outputs.gone, 8:24 calls[0].with.url, 9:15 logs");
  CHECK(result.differences[1].expected == Json("5"));
  CHECK(result.differences[1].actual == Json(5));
  CHECK_FALSE(result.differences[2].actual);
}

TEST_CASE("exact looks at all members of outputs and inputs, and at nothing else's") {
  const std::string mocks = "    mocks: { ask: { outputs: { total: 5, more: true } } }\n";
  const auto result = run(kAsk, mocks +
                                    "    expect:\n      exact: true\n      steps: { ask: { outputs: { total: 5 } } }\n"
                                    "      calls: [ { with: { url: \"https://a.example/2\", query: { a: 1 } } } ]\n");
  CHECK(list(result) == "6:32 steps.ask.outputs.more, 7:61 calls[0].with.query.b");
}

TEST_CASE("null is expected of what may be missing, and lists have their length") {
  const std::string mocks = "    mocks: { ask: { outputs: { total: [ 1, { a: 2, b: 3 } ] } } }\n    expect:\n";
  CHECK(list(run(kAsk, mocks + "      error: null\n      outputs: { none: null, total: [ 1, { a: 2 } ] }\n")).empty());
  CHECK(list(run(kAsk, mocks + "      outputs: { total: [ 1 ] }\n")) == "5:25 outputs.total");
  CHECK(list(run(kAsk, mocks + "      calls: []\n")) == "5:14 calls");
}

TEST_CASE("a call that no mock answers fails the case, and says what to add") {
  const auto result = run(kAsk, "    expect: { status: failed }\n");
  REQUIRE(result.differences.size() == 1);
  CHECK(result.differences[0].message == "the step `ask` calls http/request, and the case has no answer for it");
  CHECK(result.differences[0].hint == "add to `mocks`:  ask: { outputs: { status: 200, headers: {}, body: {} } }");
}

TEST_CASE("a list answers one try after the other, and has to be long enough") {
  const std::string two =
      "    mocks:\n      ask:\n        - error: { code: connect_failed }\n        - outputs: { total: 1 }\n";
  CHECK(list(run(kAsk, two + "    expect: { steps: { ask: { attempts: 2 } }, calls: [ { tries: 2 } ] }\n")).empty());
  const auto result = run(kAsk, "    mocks:\n      ask:\n        - error: { code: connect_failed }\n");
  CHECK(list(result) == "4:7 the step `ask` is tried again, and its mock answers only 1 try");
}

TEST_CASE("errors, replies and slow answers mean to the retry what they mean in the daemon") {
  const auto attempts = [](const std::string& mock) {
    const auto result = run(kAsk, "    mocks: { ask: " + mock + " }\n    expect: { status: failed }\n");
    CHECK(list(result).empty());
    return result.outcome["steps"]["ask"]["error"]["code"].get<std::string>() + " " +
           std::to_string(result.outcome["steps"]["ask"]["attempts"].get<int>());
  };
  CHECK(attempts("{ error: { code: dns_failed } }") == "dns_failed 3");
  CHECK(attempts("{ error: { code: timeout } }") == "timeout 3");
  CHECK(attempts("{ error: {} }") == "rejected 1");
  CHECK(attempts("{ error: { code: egress_blocked } }") == "egress_blocked 1");
  CHECK(attempts("{ error: { code: rejected, retry-after: 2h } }") == "deferred_too_long 0");
  CHECK(attempts("{ reply: { status: 404 } }") == "rejected 1");
  CHECK(attempts("{ takes: 31s }") == "timeout 3");
}

TEST_CASE("what the connector would refuse is refused without a mock") {
  const auto result =
      run("on: { manual: {} }\nsteps:\n  - { id: ask, uses: http/request, with: { url: \"${{ inputs.x }}\" } }\n"
          "inputs: { x: { type: json } }\n",
          "    expect: { error: { code: input_invalid, step: ask } }\n");
  CHECK(list(result).empty());
}

TEST_CASE("a webhook is filtered and deduplicated as the daemon does it, and its event has no secret headers") {
  const std::string given =
      "    now: 2026-11-22T08:00:00Z\n    event: { body: { go: true }, headers: { X-Id: d-1, Authorization: Bearer x } "
      "}\n";
  CHECK(
      list(run(kHook,
               given +
                   "    expect:\n      dedupe: d-1\n"
                   "      steps: { say: { outputs: { id: d-1, secret: null, at: \"2026-11-22T08:00:00.000Z\" } } }\n"))
          .empty());
  CHECK(list(run(kHook, "    event: { body: { go: false } }\n    expect: { status: filtered, calls: [], steps: {} }\n"))
            .empty());
  CHECK(list(run("on: { webhook: { verify: { scheme: none }, filter: \"${{ fromJSON(event.body.x) }}\" } }\nsteps: [ { "
                 "log: hi } ]\n",
                 "    event: { body: { x: \"{\" } }\n    expect: { status: refused, error: { code: expression_failed } "
                 "}\n"))
            .empty());
}

TEST_CASE("inputs that ipaas run would refuse are refused, and a schedule sees its time") {
  CHECK(
      list(run(kAsk,
               "    inputs: { n: many }\n    expect: { status: refused, error: { code: input_invalid }, calls: [] }\n"))
          .empty());
  CHECK(list(run("on: { schedule: [ { cron: \"0 8 * * *\", timezone: Europe/Berlin } ] }\nsteps:\n"
                 "  - { id: when, set: \"${{ event.scheduled_for }} ${{ event.cron }} ${{ event.timezone }}\" }\n",
                 "    now: 2026-11-22T07:00:00Z\n    expect: { steps: { when: { outputs: \"2026-11-22T07:00:00.000Z 0 "
                 "8 * * * Europe/Berlin\" } } }\n"))
            .empty());
}

TEST_CASE("a case can cancel the execution while a call is under way") {
  const auto result =
      run(kAsk,
          "    cancel-after: 5s\n    mocks: { ask: { outputs: {}, takes: 20s } }\n"
          "    expect: { status: cancelled, error: { code: cancelled }, steps: { ask: { outcome: cancelled } } }\n");
  CHECK(list(result).empty());
}

TEST_CASE("a called workflow, an approval and a callback are answered by mocks, by id or by path") {
  const std::string flow =
      "on: { manual: {} }\nsteps:\n  - id: each\n    for-each: [a, b]\n    steps:\n      - { id: ship, call: ship-orders, with: { x: '${{ item }}' } }\n"
      "  - { id: ok, wait-for: { approval: {}, timeout: 1h } }\n  - { id: back, wait-for: { callback: {}, timeout: 1h, on-timeout: continue } }\n"
      "outputs: { shipped: '${{ steps.each.outputs.*.n }}', by: '${{ steps.ok.outputs.by }}', n: '${{ steps.back.outputs.n }}' }\n";
  CHECK(list(run(flow,
                 "    mocks:\n      ship: { outputs: { n: 1 }, takes: 5s }\n      'each[1].ship': { outputs: { n: 2 } }\n"
                 "      ok: { outputs: { by: ada }, takes: 10m }\n      back: { outputs: { n: 3 } }\n"
                 "    expect:\n      status: succeeded\n      outputs: { shipped: [1, 2], by: ada, n: 3 }\n"
                 "      calls:\n        - { step: 'each[0].ship', call: ship-orders, with: { x: a } }\n"
                 "        - { step: 'each[1].ship', tries: 1 }\n      steps: { 'each[1].ship': { outcome: success } }\n")) == "");
  CHECK(list(run(flow,
                 "    mocks:\n      ship: { outputs: {} }\n      ok: { error: { code: approval_rejected, message: too late } }\n"
                 "    expect:\n      status: failed\n      error: { code: approval_rejected, step: ok }\n")) == "");
  CHECK(list(run(flow, "    mocks:\n      ship: { outputs: {} }\n    expect:\n      error: { code: wait_timed_out, step: ok }\n")) == "");
  CHECK(list(run(flow,
                 "    mocks:\n      ship: { error: { code: child_failed, message: broken } }\n"
                 "    expect:\n      error: { code: child_failed, step: 'each[0].ship' }\n")) == "");
  CHECK(run(flow, "    expect:\n      status: succeeded\n").differences.front().hint == "add to `mocks`:  ship: { outputs: {} }");
}

TEST_CASE("a call and another workflow's end start a case") {
  const std::string flow =
      "on: { workflow: { names: [import] } }\ninputs: { n: { type: number, default: 1 } }\nsteps: [ { log: x } ]\n"
      "outputs: { status: '${{ event.status }}', n: '${{ inputs.n }}' }\n";
  CHECK(list(run(flow, "    event: { workflow: import, status: failed }\n    expect:\n      outputs: { status: failed }\n")) == "");
  CHECK(list(run(flow, "    inputs: { n: 3 }\n    expect:\n      outputs: { n: 3 }\n")) == "");
  CHECK(list(run(flow, "    trigger: call\n    expect:\n      outputs: { n: 1 }\n")) == "");
}

TEST_CASE("what a webhook's sender is answered can be expected") {
  const std::string head = "on: { webhook: { verify: { scheme: none }, respond: ";
  const std::string rest = " } }\nsteps:\n  - { id: a, set: 7 }\noutputs: { n: '${{ steps.a.outputs }}' }\n";
  CHECK(list(run(head + "result" + rest, "    event: { body: {} }\n    expect:\n      answer: { status: 200, body: { n: 7 } }\n")) == "");
  const std::string shaped = head + "{ status: 201, headers: { X-N: '${{ steps.a.outputs }}' }, body: '${{ steps.a.outputs }}' }" + rest;
  CHECK(list(run(shaped, "    event: { body: {} }\n    expect:\n      answer: { status: 201, headers: { X-N: '7' }, body: 7 }\n")) == "");
  CHECK(list(run(shaped, "    event: { body: {} }\n    expect:\n      answer: { status: 202 }\n")) == "5:25 answer.status");
}
