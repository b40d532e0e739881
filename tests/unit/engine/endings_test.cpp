// on-failure, finally, cancellation, and the workflow's own time.
#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using domain::EffectKind;

namespace {

const std::string kHandled =
    "steps:\n  - { id: work, uses: http/request, with: { url: 'https://x.example' } }\n"
    "on-failure:\n  - { id: alarm, uses: slack/webhook, with: { text: '${{ failure.step }}: ${{ failure.code }}' } }\n"
    "finally:\n  - { id: ping, uses: http/request, with: { url: 'https://hc.example' } }\n"
    "  - { id: good, if: success(), set: 1 }\n  - { id: bad, if: failure(), set: 1 }\n"
    "  - { id: off, if: cancelled(), set: 1 }\n"
    "outputs: { n: '${{ steps.work.outputs.n }}' }\n";

}  // namespace

TEST_CASE("finally runs after the main part has succeeded, and cannot change that") {
  FlowCase run(kHandled);
  run.begin().answer("work", {{"n", 1}});
  CHECK(run.open() == "call ping");
  CHECK(run.status() == "running");
  CHECK_FALSE(run.ended());
  run.refuse("ping");
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.execution.outputs == Json{{"n", 1}});
  CHECK(run.status_of("good") == "succeeded");
  CHECK(run.status_of("bad") == "skipped");
  CHECK(run.status_of("off") == "skipped");
  CHECK(run.status_of("alarm") == "none");
}

TEST_CASE("on-failure is told what failed, then finally runs") {
  FlowCase run(kHandled);
  run.begin().refuse("work");
  CHECK(run.open() == "call alarm");
  CHECK(run.effect("alarm")->call.inputs["text"] == "work: rejected");
  run.refuse("alarm");
  CHECK(run.open() == "call ping");
  run.answer("ping");
  CHECK(run.status() == "failed");
  CHECK(run.error() == "rejected @work");
  CHECK(run.status_of("bad") == "succeeded");
  CHECK(run.status_of("good") == "skipped");
}

TEST_CASE("outputs that cannot be evaluated are a failure, with its handlers") {
  FlowCase run("steps: [ { log: x } ]\non-failure: [ { id: alarm, set: '${{ failure.message }}' } ]\n"
               "outputs: { n: \"${{ fromJSON('{') }}\" }\n");
  run.begin();
  CHECK(run.status() == "failed");
  CHECK(run.outputs_of("alarm").get<std::string>().find("output n") == 0);
}

TEST_CASE("a cancelled execution has its status at once, and ends when finally has") {
  FlowCase run(kHandled);
  run.begin();
  REQUIRE(run.take(engine::Cancel{"ada"}));
  CHECK(run.status() == "cancelled");
  CHECK_FALSE(run.ended());
  CHECK(run.status_of("work") == "cancelled");
  CHECK(run.open() == "call ping");
  CHECK_FALSE(run.take(engine::Cancel{"ada"}));
  run.answer("ping");
  CHECK(run.ended());
  CHECK(run.status() == "cancelled");
  CHECK(run.status_of("off") == "succeeded");
  CHECK(run.status_of("bad") == "skipped");
}

TEST_CASE("cancelling in on-failure leaves the rest of it, and in finally only changes the result") {
  FlowCase failing(kHandled);
  failing.begin().refuse("work");
  REQUIRE(failing.take(engine::Cancel{"ada"}));
  CHECK(failing.status_of("alarm") == "cancelled");
  CHECK(failing.open() == "call ping");
  FlowCase late(kHandled);
  late.begin().answer("work", {{"n", 1}});
  REQUIRE(late.take(engine::Cancel{"ada"}));
  CHECK(late.open() == "call ping");
  late.answer("ping");
  CHECK(late.status() == "cancelled");
  CHECK(late.snapshot.execution.outputs.is_null());
}

TEST_CASE("who cancels what is cancelled already ends its finally") {
  FlowCase run("steps: [ { id: work, uses: http/request, with: { url: 'https://x.example' } } ]\n"
               "finally:\n  - { id: nap, sleep: 3650d }\n  - { id: ping, uses: http/request, with: { url: 'https://x.example' } }\n");
  run.begin();
  const engine::Cancel finally{"ada", true};
  CHECK_FALSE(run.take(finally));  // it is not cancelled yet
  REQUIRE(run.take(engine::Cancel{"ada"}));
  CHECK_FALSE(run.take(engine::Cancel{"the execution that had called it"}));
  CHECK(run.open() == "timer nap");
  REQUIRE(run.take(finally));
  CHECK(run.ended());
  CHECK(run.status() == "cancelled");
  CHECK(run.status_of("nap") == "cancelled");
  CHECK(run.status_of("ping") == "none");
  CHECK(run.open().empty());
  CHECK(run.logs.find("finally was cancelled by ada") != std::string::npos);
  CHECK_FALSE(run.take(finally));
}

TEST_CASE("a child that finally waits for is cancelled with it, and a caller is told of the end") {
  FlowCase run("steps: [ { id: work, sleep: 1h } ]\nfinally: [ { id: tidy, call: tidy-up } ]\n");
  run.snapshot.execution.parent = domain::Parent{ExecutionId("ex_0"), EffectId("ex_0/call/1")};
  run.begin();
  REQUIRE(run.take(engine::Cancel{"ada"}));
  REQUIRE(run.take(engine::Cancel{"ada", true}));
  CHECK(run.open() == "cancel-child ex_1/tidy/1, report ");
}

TEST_CASE("one that is still queued is cancelled without finally") {
  FlowCase run(kHandled);
  REQUIRE(run.take(engine::Cancel{"ada"}));
  CHECK(run.ended());
  CHECK(run.snapshot.steps.empty());
}

TEST_CASE("the workflow's timeout bounds every call, and ends the main part") {
  FlowCase run("timeout: 10s\n" + kHandled);
  run.begin();
  CHECK(run.effect("work")->call.timeout == 10s);
  run.now += 10s;
  engine::CallFailed late = failed(engine::FailureClass::kUnknown);
  late.effect = run.id_of("work");
  late.repeatable = true;
  REQUIRE(run.take(late));
  CHECK(run.error() == "timeout @");
  CHECK(run.open() == "call alarm");
  CHECK(run.effect("alarm")->call.timeout == 30s);  // handlers have time of their own
}

TEST_CASE("a try that would come after the workflow's time is none") {
  FlowCase run("timeout: 10s\nsteps:\n  - { id: work, uses: http/request, with: { url: 'https://x.example' }, "
               "retry: { max-attempts: 5, delay: 20s, jitter: none } }\n");
  run.begin();
  run.now += 1s;
  engine::CallFailed failure = failed(engine::FailureClass::kNotSent, "connect_failed");
  failure.effect = run.id_of("work");
  REQUIRE(run.take(failure));
  CHECK(run.open() == "timer work");
  CHECK(run.effect("work", EffectKind::kTimer)->due_at - run.now == 9s);
  run.fire("work");
  CHECK(run.error() == "timeout @");
  CHECK(run.ended());
}

TEST_CASE("waiting for a rate limit takes no active time") {
  const std::string limited = ", uses: http/request, with: { url: 'https://x.example' }, rate-limit: { key: k, limit: 1/1h } }";
  FlowCase run("timeout: 10s\nsteps:\n  - parallel:\n      - { id: first" + limited + "\n      - { id: second" + limited +
               "\n      - { id: free, uses: http/request, with: { url: 'https://x.example' } }\n");
  run.begin();
  // What the dispatcher makes of the limit.
  const auto begun = run.now;
  for (const auto& [path, hours] : {std::pair{"first", 1h}, std::pair{"second", 2h}}) {
    domain::Effect effect = *run.effect(path);
    effect.due_at = begun + hours;
    run.snapshot.effects.put(std::move(effect));
  }
  run.now += 2s;
  run.answer("free");
  CHECK(run.snapshot.execution.active == 2s);
  CHECK(run.status() == "waiting");
  run.now = begun + 1h + 3s;
  run.answer("first");
  CHECK(run.snapshot.execution.active == 5s);
  run.now = begun + 2h + 4s;
  run.answer("second");
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.execution.active == 9s);
}

TEST_CASE("a call counts from its turn in the rate limit, and then like any other") {
  FlowCase run("timeout: 10s\nsteps:\n  - { id: work, uses: http/request, with: { url: 'https://x.example' }, "
               "rate-limit: { key: k, limit: 1/1h }, retry: { max-attempts: 1 } }\n");
  run.begin();
  domain::Effect effect = *run.effect("work");
  effect.due_at += 1h;
  run.now = effect.due_at;
  run.snapshot.effects.put(std::move(effect));
  run.now += 10s;
  engine::CallFailed late = failed(engine::FailureClass::kUnknown);
  late.effect = run.id_of("work");
  REQUIRE(run.take(late));
  CHECK(run.error() == "timeout @");
}

TEST_CASE("sleeping, waiting and being deferred take no active time") {
  FlowCase run("timeout: 10s\nsteps:\n  - { id: nap, sleep: 3d }\n"
               "  - { id: work, uses: http/request, with: { url: 'https://x.example' } }\n");
  run.begin();
  CHECK(run.status() == "waiting");
  run.fire("nap");
  CHECK(run.status() == "running");
  CHECK(run.effect("work")->call.timeout == 10s);
  run.now += 4s;
  engine::CallFailed deferred = failed(engine::FailureClass::kDeferred, "rejected");
  deferred.effect = run.id_of("work");
  deferred.retry_after = 30min;
  REQUIRE(run.take(deferred));
  CHECK(run.status() == "waiting");
  run.now += 30min + 5s;
  run.answer("work");
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.execution.active == 9s);  // and the five seconds of the second try
}

TEST_CASE("the log says once that a call was deferred") {
  for (const auto& [code, text] : {std::pair{"deferred", "try 1 was deferred: it went wrong; next try in 30m"},
                                   std::pair{"rejected", "try 1 was deferred: rejected: it went wrong; next try in 30m"}}) {
    FlowCase run("steps: [ { id: work, uses: http/request, with: { url: 'https://x.example' } } ]\n");
    run.begin();
    engine::CallFailed deferred = failed(engine::FailureClass::kDeferred, code);
    deferred.effect = run.id_of("work");
    deferred.retry_after = 30min;
    REQUIRE(run.take(deferred));
    CHECK(run.logs.find(text) != std::string::npos);
  }
}

TEST_CASE("a clock that goes back gives no time and takes none") {
  FlowCase run("timeout: 10s\nsteps:\n  - { id: work, uses: http/request, with: { url: 'https://x.example' } }\n");
  run.begin();
  run.now -= 5h;
  run.answer("work");
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.execution.active == 0s);
}

TEST_CASE("a clock that is set forward by hours is no time that was spent") {
  FlowCase run("timeout: 10s\nsteps:\n  - id: both\n    parallel:\n      - { id: work, uses: http/request, with: { url: 'https://x.example' }, timeout: 2s }\n"
               "      - { id: nap, sleep: 1h }\n  - { id: more, uses: http/request, with: { url: 'https://x.example' } }\n");
  run.begin();
  run.now += 5h;
  run.fire("nap");
  CHECK_FALSE(run.ended());
  run.answer("work");
  CHECK(run.snapshot.execution.active == 2s);
  CHECK(run.effect("more")->call.timeout == 8s);
}

TEST_CASE("what breaks ends at once, and what it had to do is not done") {
  FlowCase run("steps:\n  - id: both\n    parallel:\n      - { id: nap, sleep: 1h }\n      - { id: ask, wait-for: { callback: {} } }\n"
               "finally: [ { id: last, log: x } ]\n");
  run.begin();
  REQUIRE(run.take(engine::Broke{"it crashed three times", "poisoned"}));
  CHECK(run.status() == "failed");
  CHECK(run.error() == "poisoned @");
  CHECK(run.open().empty());
  CHECK(run.status_of("last") == "none");
}

TEST_CASE("a group that has no room is waited for, or ends what comes too late") {
  const auto with = [](const std::string& concurrency) {
    return FlowCase("concurrency: { group: g, " + concurrency + " }\nsteps: [ { log: x } ]\n");
  };
  FlowCase queues = with("limit: 1");
  CHECK_FALSE(queues.take(engine::GroupFull{100}));
  FlowCase skips = with("on-limit: skip");
  REQUIRE(skips.take(engine::GroupFull{0}));
  CHECK(skips.status() == "cancelled");
  CHECK(skips.error() == "concurrency_skipped @");
  CHECK(skips.ended());
  FlowCase bounded = with("queue-limit: 2");
  CHECK_FALSE(bounded.take(engine::GroupFull{1}));
  CHECK(bounded.take(engine::GroupFull{2}));
}

TEST_CASE("an execution is enrolled in the group that its event names") {
  FlowCase run("concurrency: { group: 'orders-${{ event.body.customer }}', limit: 3 }\npriority: high\nsteps: [ { log: x } ]\n",
               Json{{"customer", 7}});
  engine::enrol(*run.workflow, run.snapshot, run.now);
  CHECK(run.snapshot.execution.group == "orders-7");
  CHECK(run.snapshot.execution.group_limit == 3);
  CHECK(run.snapshot.execution.priority == domain::Priority::kHigh);
  FlowCase nameless("concurrency: { group: '${{ event.body.customer }}' }\nsteps: [ { log: x } ]\n", Json::object());
  engine::enrol(*nameless.workflow, nameless.snapshot, nameless.now);
  CHECK(nameless.snapshot.execution.group == "");
  FlowCase none("steps: [ { log: x } ]\n");
  engine::enrol(*none.workflow, none.snapshot, none.now);
  CHECK(!none.snapshot.execution.group);
  FlowCase wrong("concurrency: { group: \"${{ fromJSON('{') }}\" }\nsteps: [ { log: x } ]\n");
  engine::enrol(*wrong.workflow, wrong.snapshot, wrong.now);
  CHECK(!wrong.snapshot.execution.group);
  wrong.begin();
  CHECK(wrong.error() == "expression_failed @");
  CHECK(wrong.status_of("step-1") == "none");
}
