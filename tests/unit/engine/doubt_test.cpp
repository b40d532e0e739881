// A called workflow that may have done something is not called again by itself, and its successor uses its keys.
#include "core/engine/doubt.h"

#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using domain::EffectKind;
using domain::ExecutionStatus;
using engine::FailureClass;

namespace {

const std::string kAgain = "steps: [ { id: pay, call: pay, retry: { max-attempts: 3, delay: 1s, jitter: none } } ]\n";
const std::string kTwiceIsFine =
    "steps: [ { id: pay, call: pay, retry: { max-attempts: 3, delay: 1s, jitter: none, on-unknown: retry } } ]\n";

engine::ChildEnded failed_child(const FlowCase& run, bool in_doubt, ExecutionStatus status = ExecutionStatus::kFailed) {
  return {run.id_of("pay", EffectKind::kChild), ExecutionId("ex_2"), status, nullptr,
          domain::Failure{"outcome_unknown", "no answer", "send"}, in_doubt};
}

FlowCase calling(const std::string& action) {
  FlowCase run("steps: [ { id: send, " + action + " } ]\n");
  run.begin();
  return run;
}

const std::string kPost = "uses: http/request, with: { method: POST, url: 'https://a.example' }";

/// What such a failure of its only call leaves behind.
bool in_doubt_after(const std::string& more, FailureClass failure_class, bool repeatable) {
  FlowCase run = calling(kPost + ", retry: { max-attempts: 1" + more + " }");
  engine::CallFailed failure = failed(failure_class);
  failure.effect = run.id_of("send");
  failure.repeatable = repeatable;
  REQUIRE(run.take(failure));
  REQUIRE(run.ended());
  return engine::in_doubt(run.snapshot.execution);
}

}  // namespace

TEST_CASE("an execution is in doubt after an effect that may have happened and may not happen twice") {
  CHECK(in_doubt_after("", FailureClass::kUnknown, false));
  CHECK_FALSE(in_doubt_after("", FailureClass::kUnknown, true));
  CHECK_FALSE(in_doubt_after(", on-unknown: retry", FailureClass::kUnknown, false));
  CHECK_FALSE(in_doubt_after("", FailureClass::kNotSent, false));
}

TEST_CASE("a softened failure leaves the same doubt") {
  FlowCase run = calling(kPost + ", continue-on-error: true");
  engine::CallFailed failure = failed(FailureClass::kUnknown);
  failure.effect = run.id_of("send");
  REQUIRE(run.take(failure));
  CHECK(run.status() == "succeeded");
  CHECK(engine::in_doubt(run.snapshot.execution));
}

TEST_CASE("a call that was out when it was cancelled is in doubt, unless it may happen twice") {
  for (const auto& [more, doubt] : {std::pair{"", true}, std::pair{", idempotency-key: mine", false},
                                    std::pair{", retry: { on-unknown: retry }", false}}) {
    FlowCase run = calling(kPost + more);
    REQUIRE(run.take(engine::Cancel{"ada"}));
    CHECK(engine::in_doubt(run.snapshot.execution) == doubt);
  }
}

TEST_CASE("a child that may have done something is called again only where twice is fine") {
  FlowCase careful(kAgain);
  careful.begin();
  REQUIRE(careful.take(failed_child(careful, true)));
  CHECK(careful.error() == "outcome_unknown @pay");
  CHECK(careful.ended());
  CHECK(engine::in_doubt(careful.snapshot.execution));

  FlowCase again(kTwiceIsFine);
  again.begin();
  REQUIRE(again.take(failed_child(again, true)));
  CHECK(again.open() == "child pay");
  CHECK_FALSE(engine::in_doubt(again.snapshot.execution));

  FlowCase sure(kAgain);
  sure.begin();
  REQUIRE(sure.take(failed_child(sure, false)));
  CHECK(sure.open() == "child pay");
}

TEST_CASE("without a retry the step says what became of the child, and its own caller is told of the doubt") {
  FlowCase run("steps: [ { id: pay, call: pay } ]\n");
  run.begin();
  REQUIRE(run.take(failed_child(run, true)));
  CHECK(run.error() == "child_failed @pay");
  CHECK(engine::in_doubt(run.snapshot.execution));
}

TEST_CASE("a child may have succeeded and leave a doubt all the same") {
  for (const bool doubt : {true, false}) {
    FlowCase run(kAgain);
    run.begin();
    engine::ChildEnded ended = failed_child(run, doubt, ExecutionStatus::kSucceeded);
    ended.error.reset();
    REQUIRE(run.take(ended));
    CHECK(run.status() == "succeeded");
    CHECK(engine::in_doubt(run.snapshot.execution) == doubt);
    CHECK(engine::noted_children(run.snapshot.execution, "pay").size() == (doubt ? 1 : 0));
  }
  FlowCase twice(kTwiceIsFine);
  twice.begin();
  REQUIRE(twice.take(failed_child(twice, true, ExecutionStatus::kSucceeded)));
  CHECK_FALSE(engine::in_doubt(twice.snapshot.execution));
}

TEST_CASE("a child that was cancelled with a call out, or ran out of time, may have done something") {
  FlowCase cancelled(kAgain);
  cancelled.begin();
  REQUIRE(cancelled.take(failed_child(cancelled, true, ExecutionStatus::kCancelled)));
  CHECK(cancelled.error() == "outcome_unknown @pay");

  const std::string timed = "steps: [ { id: pay, call: pay, timeout: 1m, retry: { max-attempts: 3, delay: 1s";
  FlowCase late(timed + " } } ]\n");
  late.begin().fire("pay");
  CHECK(late.error() == "outcome_unknown @pay");
  CHECK(engine::in_doubt(late.snapshot.execution));

  FlowCase twice(timed + ", jitter: none, on-unknown: retry } } ]\n");
  twice.begin().fire("pay");
  CHECK(twice.effect("pay", EffectKind::kChild)->id.str() == "ex_1/pay/2");
  CHECK_FALSE(engine::in_doubt(twice.snapshot.execution));
}

TEST_CASE("whoever is called next is told whose keys to use") {
  FlowCase run(kTwiceIsFine);
  run.begin();
  REQUIRE(run.take(engine::ChildStarted{run.id_of("pay", EffectKind::kChild), ExecutionId("ex_2"), 1}));
  REQUIRE(run.take(failed_child(run, true)));
  const auto noted = engine::noted_children(run.snapshot.execution, "pay");
  REQUIRE(noted.size() == 1);
  CHECK(noted.front().execution == ExecutionId("ex_1"));
  CHECK(noted.front().effect == EffectId("ex_1/pay/1"));
  run.now += 1min;
  REQUIRE(run.take(engine::ChildEnded{run.id_of("pay", EffectKind::kChild), ExecutionId("ex_3"),
                                      ExecutionStatus::kSucceeded, nullptr, {}}));
  CHECK(run.snapshot.execution.idempotency_keys.empty());
}

TEST_CASE("a child of which nobody knows whether it was started does not hide its predecessor") {
  domain::Execution execution;
  domain::Effect effect;
  effect.path = "all[2].pay";
  effect.id = EffectId("ex_1/all[2].pay/1");
  engine::note_child(execution, effect, true);
  effect.id = EffectId("ex_7/all[2].pay/1");
  engine::note_child(execution, effect, false);
  const auto noted = engine::noted_children(execution, effect.path);
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].execution == ExecutionId("ex_7"));
  CHECK(noted[1].effect == EffectId("ex_1/all[2].pay/1"));
  engine::note_child(execution, effect, true);
  CHECK(engine::noted_children(execution, effect.path).size() == 1);
  CHECK(engine::noted_children(execution, "other").empty());
}

TEST_CASE("a successor takes over the keys of calls that may have happened, those that are still out included") {
  FlowCase run("steps:\n  - parallel:\n      - { id: send, " + kPost + " }\n      - { id: pay, call: pay }\n");
  run.snapshot.execution.idempotency_keys = {{"before", "ex_0/before"}};
  run.begin();
  engine::put_in_doubt(run.snapshot.execution, "before");
  CHECK(engine::keys_for_successor(run.snapshot) ==
        std::map<std::string, std::string>{{"before", "ex_0/before"}, {"pay", "ex_1/pay/1"}, {"send", "ex_1/send"}});
}

TEST_CASE("what repeats an execution has done nothing itself yet") {
  FlowCase run("steps: [ { id: send, " + kPost + " } ]\n");
  run.snapshot.execution.idempotency_keys = {{"send", "ex_0/send"}};
  engine::put_in_doubt(run.snapshot.execution, "send");
  run.begin();
  CHECK_FALSE(engine::in_doubt(run.snapshot.execution));
  CHECK(run.effect("send")->call.idempotency_key == "ex_0/send");
}
