// sleep, wait-for, call.
#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using domain::EffectKind;
using engine::Signal;

namespace {

class Links final : public engine::WaitLinks {
 public:
  [[nodiscard]] std::string link(const domain::Execution& execution, std::string_view path) const override {
    return "https://i.example/" + execution.id.str() + "/" + std::string(path);
  }
};

const std::string kApproval =
    "steps:\n  - id: ok\n    wait-for:\n      approval: { roles: [operator], message: 'Ship ${{ event.body }}?' }\n      timeout: 4h\n"
    "  - { id: after, set: '${{ steps.ok.outputs.by }}' }\n";

engine::ChildEnded child_ended(const FlowCase& run, domain::ExecutionStatus status, Json outputs = nullptr) {
  return {run.id_of("ship", EffectKind::kChild), ExecutionId("ex_2"), status, std::move(outputs), {}};
}

}  // namespace

TEST_CASE("a sleep is a timer, however long") {
  FlowCase run("steps:\n  - { id: nap, sleep: '${{ event.body }}' }\n", "400d");
  run.begin();
  CHECK(run.open() == "timer nap");
  CHECK(run.effect("nap", EffectKind::kTimer)->due_at - run.now == 400 * 24h);
  CHECK(run.snapshot.steps.find("nap")->due_at == run.effect("nap", EffectKind::kTimer)->due_at);
  run.fire("nap");
  CHECK(run.status() == "succeeded");
  FlowCase none("steps:\n  - { id: nap, sleep: '${{ event.body }}' }\n", "0s");
  none.begin();
  CHECK(none.status() == "succeeded");
  FlowCase wrong("steps:\n  - { id: nap, sleep: '${{ event.body }}' }\n", "soon");
  wrong.begin();
  CHECK(wrong.error() == "input_invalid @nap");
}

TEST_CASE("an approval waits for its decision, which is kept") {
  FlowCase run(kApproval, "it");
  run.begin();
  CHECK(run.status() == "waiting");
  CHECK(run.open() == "timer ok");
  CHECK(*run.snapshot.steps.find("ok")->items ==
        Json{{"kind", "approval"}, {"message", "Ship it?"}, {"roles", {"operator"}}, {"self", false}});
  CHECK_FALSE(run.take(Signal{"ok", Signal::Kind::kCallback, "", "", 1}));
  CHECK_FALSE(run.take(Signal{"nope", Signal::Kind::kApprove, "ada", "", {}}));
  REQUIRE(run.take(Signal{"ok", Signal::Kind::kApprove, "ada", "fine", {}}));
  CHECK(run.outputs_of("ok")["decision"] == "approved");
  CHECK(run.outputs_of("ok")["comment"] == "fine");
  CHECK(run.outputs_of("after") == "ada");
  CHECK(run.open().empty());
  CHECK_FALSE(run.take(Signal{"ok", Signal::Kind::kReject, "eve", "", {}}));
}

TEST_CASE("a rejection fails the step, and so does nobody's answer") {
  FlowCase rejected(kApproval, "it");
  rejected.begin();
  REQUIRE(rejected.take(Signal{"ok", Signal::Kind::kReject, "ada", "too much", {}}));
  CHECK(rejected.error() == "approval_rejected @ok");
  CHECK(rejected.snapshot.execution.error->message == "rejected by ada: too much");
  FlowCase late(kApproval, "it");
  late.begin().fire("ok");
  CHECK(late.error() == "wait_timed_out @ok");
  FlowCase on("steps:\n  - id: ok\n    wait-for: { callback: {}, timeout: 1h, on-timeout: continue }\n"
              "  - { id: after, set: '${{ steps.ok.outputs.timed_out }} ${{ steps.ok.error.code }} ${{ steps.ok.outcome }}' }\n");
  on.begin().fire("ok");
  CHECK(on.outputs_of("after") == "true wait_timed_out success");
  CHECK(on.status() == "succeeded");
}

TEST_CASE("a callback gives what came with it") {
  FlowCase run("steps:\n  - { id: back, wait-for: { callback: {} } }\n");
  run.begin();
  CHECK_FALSE(run.take(Signal{"back", Signal::Kind::kApprove, "ada", "", {}}));
  REQUIRE(run.take(Signal{"back", Signal::Kind::kCallback, "", "", Json{{"n", 1}}}));
  CHECK(run.outputs_of("back") == Json{{"n", 1}});
  CHECK(run.status() == "succeeded");
}

TEST_CASE("notify runs while the wait is open, and sees its link") {
  FlowCase run("steps:\n  - id: ok\n    wait-for:\n      approval: {}\n      notify:\n"
               "        - { id: tell, uses: slack/webhook, with: { text: '${{ wait.url }}' } }\n"
               "        - { id: told, log: said }\n");
  const Links links;
  engine::DecideLimits limits;
  limits.links = &links;
  REQUIRE(run.take(engine::Begin{}, limits));
  CHECK(run.open() == "timer ok, call tell");
  CHECK(run.status() == "running");
  CHECK(run.effect("tell")->call.inputs["text"] == "https://i.example/ex_1/ok");
  SECTION("told, then decided") {
    run.answer("tell");
    CHECK(run.status_of("told") == "succeeded");
    CHECK(run.status_of("ok") == "waiting");
    CHECK(run.status() == "waiting");
    REQUIRE(run.take(Signal{"ok", Signal::Kind::kApprove, "ada", "", {}}));
    CHECK(run.status() == "succeeded");
  }
  SECTION("decided before everybody is told") {
    REQUIRE(run.take(Signal{"ok", Signal::Kind::kApprove, "ada", "", {}}));
    CHECK(run.status_of("tell") == "cancelled");
    CHECK(run.status() == "succeeded");
    CHECK(run.open().empty());
  }
  SECTION("nobody could be told") {
    run.refuse("tell");
    CHECK(run.error() == "rejected @tell");
    CHECK(run.open().empty());
  }
}

TEST_CASE("a called workflow is waited for, and its outputs are the step's") {
  FlowCase run("steps:\n  - { id: ship, call: ship-orders, with: { ids: '${{ event.body }}' } }\n"
               "outputs: { n: '${{ steps.ship.outputs.count }}' }\n",
               Json{1, 2});
  run.begin();
  CHECK(run.status() == "waiting");
  const domain::Effect* effect = run.effect("ship", EffectKind::kChild);
  REQUIRE(effect != nullptr);
  CHECK(effect->child.workflow == "ship-orders");
  CHECK(effect->child.inputs == Json{{"ids", {1, 2}}});
  const engine::ChildStarted started{effect->id, ExecutionId("ex_2"), 3};
  REQUIRE(run.take(started));
  CHECK_FALSE(run.take(started));
  CHECK(run.snapshot.steps.find("ship")->child == ExecutionId("ex_2"));
  CHECK(run.open() == "child ship");
  const auto ended = child_ended(run, domain::ExecutionStatus::kSucceeded, {{"count", 2}});
  REQUIRE(run.take(ended));
  CHECK_FALSE(run.take(ended));
  CHECK(run.snapshot.execution.outputs == Json{{"n", 2}});
}

TEST_CASE("a child that failed fails the step, and is called again only where that is written") {
  FlowCase run("steps:\n  - { id: ship, call: ship-orders }\n");
  run.begin();
  auto ended = child_ended(run, domain::ExecutionStatus::kFailed);
  ended.error = domain::Failure{"rejected", "no", "send"};
  REQUIRE(run.take(ended));
  CHECK(run.error() == "child_failed @ship");
  CHECK(run.snapshot.execution.error->message == "ship-orders ex_2 failed: send: rejected: no");

  FlowCase again("steps:\n  - { id: ship, call: ship-orders, retry: { max-attempts: 2, delay: 1m, jitter: none } }\n");
  again.begin();
  REQUIRE(again.take(child_ended(again, domain::ExecutionStatus::kFailed)));
  REQUIRE(again.effect("ship", EffectKind::kChild) != nullptr);
  CHECK(again.effect("ship", EffectKind::kChild)->id.str() == "ex_1/ship/2");
  CHECK(again.effect("ship", EffectKind::kChild)->due_at - again.now == 1min);
  REQUIRE(again.take(child_ended(again, domain::ExecutionStatus::kCancelled)));
  CHECK(again.error() == "child_failed @ship");

  FlowCase missing("steps:\n  - { id: ship, call: ship-orders, retry: { max-attempts: 3 } }\n");
  missing.begin();
  REQUIRE(missing.take(engine::ChildRefused{missing.id_of("ship", EffectKind::kChild), "input_invalid", "no such input"}));
  CHECK(missing.error() == "input_invalid @ship");
}

TEST_CASE("a child that takes too long is cancelled, and one whose parent is cancelled, too") {
  FlowCase run("steps:\n  - { id: ship, call: ship-orders, timeout: 1m }\n");
  run.begin();
  const EffectId child = run.id_of("ship", EffectKind::kChild);
  run.fire("ship");
  CHECK(run.error() == "timeout @ship");
  CHECK(run.open() == "cancel-child " + child.str());
  CHECK(run.ended());

  FlowCase cancelled("steps:\n  - { id: ship, call: ship-orders }\nfinally: [ { id: last, sleep: 1m } ]\n");
  cancelled.begin();
  REQUIRE(cancelled.take(engine::Cancel{"ada"}));
  CHECK(cancelled.open() == "cancel-child ex_1/ship/1, timer last");
}

TEST_CASE("a child that nobody waits for is only started") {
  FlowCase run("steps:\n  - { id: ship, call: ship-orders, wait: false }\noutputs: { it: '${{ steps.ship.outputs.execution }}' }\n");
  run.begin();
  REQUIRE(run.take(engine::ChildStarted{run.id_of("ship", EffectKind::kChild), ExecutionId("ex_2"), 1}));
  CHECK(run.snapshot.execution.outputs == Json{{"it", "ex_2"}});
  CHECK(run.open().empty());
}

TEST_CASE("a child tells its parent when it has ended") {
  FlowCase run("steps: [ { id: a, sleep: 1m } ]\n");
  run.snapshot.execution.parent = domain::Parent{ExecutionId("ex_0"), EffectId("ex_0/ship/1")};
  run.begin().fire("a");
  CHECK(run.ended());
  CHECK(run.open() == "report ");
  FlowCase queued("steps: [ { id: a, sleep: 1m } ]\n");
  queued.snapshot.execution.parent = run.snapshot.execution.parent;
  REQUIRE(queued.take(engine::Cancel{"ada"}));
  CHECK(queued.open() == "report ");
}

TEST_CASE("what a retried execution had finished is kept, and the rest is done under the keys that are in doubt") {
  FlowCase run("steps:\n  - { id: a, uses: http/request, with: { url: 'https://a.example' } }\n"
               "  - { id: each, for-each: [x, y], steps: [ { id: send, uses: http/request, with: { url: 'https://b.example' } } ] }\n");
  domain::Step a;
  a.path = "a";
  a.kind = "uses";
  a.status = domain::StepStatus::kSucceeded;
  a.outputs = 1;
  domain::Step send = a;
  send.path = "each[0].send";
  run.snapshot.steps = {a, send};
  run.snapshot.execution.idempotency_keys = {{"each[1].send", "ex_0/each[1].send"}};
  run.begin();
  CHECK(run.open() == "call each[1].send");
  CHECK(run.effect("each[1].send")->call.idempotency_key == "ex_0/each[1].send");
  run.answer("each[1].send", 2);
  CHECK(run.outputs_of("each") == Json{1, 2});
}

TEST_CASE("a call carries its own key, and the limit that it shares") {
  FlowCase run("steps:\n  - { id: a, uses: http/request, with: { url: 'https://a.example' }, "
               "idempotency-key: 'order-${{ event.body }}', rate-limit: { key: 'shop-${{ event.body }}', limit: 100/5m } }\n"
               "  - { id: b, uses: http/request, with: { url: 'https://a.example' }, idempotency-key: \"${{ '' }}\" }\n",
               7);
  run.begin();
  const domain::CallRequest& call = run.effect("a")->call;
  CHECK(call.idempotency_key == "order-7");
  CHECK(call.keyed);
  REQUIRE(call.rate);
  CHECK(call.rate->key == "shop-7");
  CHECK(call.rate->count == 100);
  CHECK(call.rate->per == 5min);
  run.answer("a");
  CHECK(run.effect("b")->call.idempotency_key == "ex_1/b");
  CHECK_FALSE(run.effect("b")->call.keyed);
}
