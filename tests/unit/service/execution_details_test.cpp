// What is told of an execution beyond what the store keeps of it.
#include "core/service/execution_details.h"

#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using domain::ExecutionStatus;
using domain::TriggerKind;
using service::Payload;

namespace {

class DetailsCase : public ServiceCase {
 public:
  DetailsCase() {
    apply({workflow_text("greet")});
    workflow = reader->workflow(kTenant, "greet")->id;
  }
  void keep(domain::ExecutionChange change, const std::string& payload = "{}", std::optional<ExecutionId> retries = {}) {
    change.execution.workflow = workflow;
    auto event = accept(std::move(change));
    event.event.workflow = workflow;
    event.event.trigger = event.first->execution.trigger;
    event.payload = payload;
    event.retries = std::move(retries);
    REQUIRE(memory->commit({std::move(event)}).front());
  }
  void keep(domain::Execution execution, const std::string& payload = "{}") { keep(make_change(std::move(execution)), payload); }
  Json of(const std::string& id, Payload payload = Payload::kLeftOut) {
    return service::details(owner(), *reader->execution(kTenant, ExecutionId(id)), payload);
  }
  WorkflowId workflow;
};

}  // namespace

TEST_CASE("a queued execution says whose group it waits for, and who is in front") {
  DetailsCase with;
  for (const char* id : {"ex_1", "ex_2", "ex_3"}) {
    auto execution = make_execution(id, ExecutionStatus::kQueued);
    execution.group = "g-hunter2-hunter2";
    if (id == std::string("ex_1")) {
      execution.status = ExecutionStatus::kRunning;
      execution.started_at = kNow;
    }
    with.keep(execution);
  }
  const Json waiting = with.of("ex_3");
  CHECK(waiting["group"] == "g-***REDACTED***");
  CHECK(waiting["group_limit"] == 1);
  CHECK(waiting["queue"] == Json{{"in_front", 1}, {"held_by", {"ex_1"}}});
  CHECK_FALSE(with.of("ex_1").contains("queue"));
}

TEST_CASE("a scheduled execution says for which instant it stands; what came in is shown where it is asked for") {
  DetailsCase with;
  auto ticked = make_execution("ex_1", ExecutionStatus::kRunning);
  ticked.trigger = TriggerKind::kSchedule;
  with.keep(ticked, R"({"scheduled_for":"2026-01-01T00:00:00.000Z","cron":"* * * * *"})");
  CHECK(with.of("ex_1")["scheduled_for"] == "2026-01-01T00:00:00.000Z");
  CHECK_FALSE(with.of("ex_1").contains("payload"));
  CHECK(with.of("ex_1", Payload::kShown)["payload"]["cron"] == "* * * * *");

  with.keep(make_execution("ex_2", ExecutionStatus::kRunning), R"({"body":{"password":"x","note":"hunter2-hunter2"}})");
  CHECK(with.of("ex_2", Payload::kShown)["payload"]["body"] == Json{{"password", "***REDACTED***"}, {"note", "***REDACTED***"}});

  auto called = make_execution("ex_3", ExecutionStatus::kRunning);
  called.trigger = TriggerKind::kCall;
  with.keep(called, R"({"pin":1})");
  CHECK_FALSE(with.of("ex_3", Payload::kShown).contains("payload"));
}

TEST_CASE("a retried execution names the newer one, and the newer one what it has kept") {
  DetailsCase with;
  with.keep(make_execution("ex_1", ExecutionStatus::kFailed));
  CHECK(with.of("ex_1")["retry"] == Json{{"allowed", true}});
  auto again = make_execution("ex_2", ExecutionStatus::kRunning);
  again.retry_of = ExecutionId("ex_1");
  again.created_at = kNow + std::chrono::minutes(1);
  again.event = EventId("ev_of_ex_1");
  auto change = make_change(again);
  auto fresh = make_step("new");
  fresh.started_at = again.created_at;
  change.steps.put(make_step("old"));
  change.steps.put(fresh);
  with.keep(std::move(change), "{}", ExecutionId("ex_1"));
  CHECK(with.of("ex_1")["retried_as"] == "ex_2");
  CHECK_FALSE(with.of("ex_1").contains("retry"));
  CHECK(with.of("ex_2")["retry_of"] == "ex_1");
  CHECK(with.of("ex_2")["steps"][0]["kept"] == true);
  CHECK_FALSE(with.of("ex_2")["steps"][1].contains("kept"));
}

TEST_CASE("a dead letter that cannot be retried now says why") {
  DetailsCase with;
  with.keep(make_execution("ex_p", ExecutionStatus::kWaiting));
  auto child = make_execution("ex_1", ExecutionStatus::kFailed);
  child.parent = domain::Parent{ExecutionId("ex_p"), EffectId("ex_p/call/1")};
  auto change = make_change(child);
  change.execution.workflow = with.workflow;
  auto event = accept(std::move(change));
  event.event.workflow = with.workflow;
  event.first->execution.parent.reset();
  REQUIRE(with.memory->commit({std::move(event)}).front());
  auto snapshot = with.reader->execution(kTenant, ExecutionId("ex_1")).value();
  snapshot.execution.parent = child.parent;
  const Json retry = service::details(with.owner(), snapshot)["retry"];
  CHECK(retry["allowed"] == false);
  CHECK(retry["reason"] == "it was called by ex_p, which still runs");
  CHECK(retry["hint"] == "what that one does about it: ipaas execution get ex_p");
}

TEST_CASE("a call that rests says until when") {
  DetailsCase with;
  auto step = make_step("send", domain::StepStatus::kWaiting);
  step.kind = "uses";
  step.error = domain::Failure{"deferred", "not sent", "send"};
  auto change = make_change(make_execution("ex_1", ExecutionStatus::kRunning));
  change.steps.put(step);
  change.effects.push_back(make_effect("ex_1", "send", kNow + std::chrono::minutes(1)));
  with.keep(std::move(change));
  CHECK(with.of("ex_1")["steps"][0]["next_try_at"] == "2026-01-01T00:01:00.000Z");
}

TEST_CASE("steps of branches, cases, notices and handlers say where they stand") {
  DetailsCase with;
  with.apply({workflow_text("greet", "{ manual: {} }",
                            "steps:\n"
                            "  - { id: all, for-each: [1], steps: [ { id: both, parallel: [ { id: a, set: 1 } ] } ] }\n"
                            "  - id: ok\n    wait-for: { approval: {}, notify: [ { id: tell, log: hi } ] }\n"
                            "finally: [ { id: tidy, log: x } ]\n")});
  auto change = make_change(make_execution("ex_1", ExecutionStatus::kRunning));
  change.execution.version = 2;
  for (const char* path : {"all", "all[0].both", "all[0].a", "ok", "tell", "tidy"}) change.steps.put(make_step(path));
  with.keep(std::move(change));
  const Json steps = with.of("ex_1")["steps"];
  CHECK_FALSE(steps[1].contains("within"));
  CHECK(steps[2]["within"] == "all[0].both");
  CHECK(steps[4]["within"] == "ok");
  CHECK(steps[5]["handler"] == "finally");
  CHECK_FALSE(steps[5].contains("within"));
}
