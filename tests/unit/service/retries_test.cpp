// Retrying and discarding, and what is refused with which words.
#include "core/service/retries.h"

#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using domain::ExecutionStatus;

namespace {

class RetryCase : public ServiceCase {
 public:
  RetryCase() {
    apply({workflow_text("greet", "{ manual: {} }",
                         "inputs: { n: { type: number, default: 3 } }\nsteps: [ { id: hi, set: 1 }, { id: send, fail: no } ]\n")});
    workflow = reader->workflow(kTenant, "greet")->id;
  }
  void keep(domain::Execution execution, std::vector<domain::Step> steps = {}) {
    execution.workflow = workflow;
    auto change = make_change(std::move(execution));
    for (auto& step : steps) change.steps.put(std::move(step));
    auto event = accept(std::move(change));
    event.event.workflow = workflow;
    REQUIRE(memory->commit({std::move(event)}).front());
  }
  void keep(const std::string& id, ExecutionStatus status) { keep(make_execution(id, status)); }

  Result<service::Retried> retry(const std::string& id, service::RetryOptions options = {}) {
    Result<service::Retried> result = fail(ErrorKind::kInternal, "nobody answered");
    service::retry_execution(owner(), ExecutionId(id), options, [&](auto retried) { result = std::move(retried); });
    return result;
  }
  service::RetriedAll retry_all(const std::vector<std::string>& ids) {
    std::vector<ExecutionId> list;
    for (const auto& id : ids) list.emplace_back(id);
    service::RetriedAll result;
    service::retry_executions(owner(), list, {}, [&](auto all) { result = std::move(all); });
    return result;
  }

  WorkflowId workflow;
};

}  // namespace

TEST_CASE("a retry is a new execution on the same event, under the version that failed") {
  RetryCase with;
  auto failed = make_execution("ex_1", ExecutionStatus::kFailed);
  failed.inputs = Json{{"n", 5}};
  failed.depth = 2;
  with.keep(failed, {make_step("hi")});
  with.apply({workflow_text("greet")});
  const auto retried = with.retry("ex_1");
  REQUIRE(retried);
  CHECK(retried->execution.str() == "ex_new");
  CHECK(retried->retry_of.str() == "ex_1");
  CHECK(retried->version == 1);
  const service::Arrival& arrival = with.runtime.arrivals.at(0);
  REQUIRE(arrival.again);
  CHECK(arrival.again->of.str() == "ex_1");
  CHECK(arrival.again->event.id.str() == "ev_of_ex_1");
  CHECK(arrival.again->steps.empty());
  CHECK(arrival.trigger == domain::TriggerKind::kWebhook);
  CHECK(arrival.payload.value == Json{{"body", {{"n", 1}}}});
  CHECK(arrival.inputs == Json{{"n", 5}});
  CHECK(arrival.depth == 2);
  CHECK(arrival.starter == "uid:7");
  REQUIRE(arrival.audit);
  CHECK(arrival.audit->action == "execution.retry");
  CHECK(arrival.audit->target == "ex_1");
}

TEST_CASE("from where it failed, finished steps go along; under the newest version, inputs are bound again") {
  RetryCase with;
  auto failed = make_execution("ex_1", ExecutionStatus::kFailed);
  failed.inputs = Json{{"n", 5}};
  with.keep(failed, {make_step("hi")});
  REQUIRE(with.retry("ex_1", {.from_failed = true}));
  CHECK(with.runtime.arrivals.at(0).again->steps.find("hi") != nullptr);
  with.apply({workflow_text("greet", "{ manual: {} }", "inputs: { m: { type: number, default: 7 } }\nsteps: [ { log: x } ]\n")});
  const auto newest = with.retry("ex_1", {.newest = true});
  REQUIRE(newest);
  CHECK(newest->version == 2);
  CHECK(with.runtime.arrivals.at(1).inputs == Json{{"m", 7}});
}

TEST_CASE("what cannot be retried is refused with what to do instead") {
  RetryCase with;
  with.keep("ex_running", ExecutionStatus::kRunning);
  with.keep("ex_good", ExecutionStatus::kSucceeded);
  auto cancelling = make_execution("ex_cancelling", ExecutionStatus::kCancelled);
  cancelling.ended_at.reset();
  with.keep(cancelling);
  const auto [id, kind, says] = GENERATE(table<std::string, ErrorKind, std::string>({
      {"ex_running", ErrorKind::kConflict, "has not ended: running"},
      {"ex_cancelling", ErrorKind::kConflict, "has not ended: cancelled"},
      {"ex_good", ErrorKind::kConflict, "has succeeded"},
      {"ex_none", ErrorKind::kNotFound, "ex_none"},
  }));
  INFO(id);
  const auto refused = with.retry(id);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == kind);
  CHECK(refused.error().message.find(says) != std::string::npos);
  CHECK_FALSE(refused.error().hint.empty());
  CHECK(with.runtime.arrivals.empty());
}

TEST_CASE("a cancelled execution can be retried") {
  RetryCase with;
  with.keep("ex_1", ExecutionStatus::kCancelled);
  CHECK(with.retry("ex_1"));
}

TEST_CASE("a workflow that is disabled or gone starts no retry") {
  RetryCase with;
  with.keep("ex_1", ExecutionStatus::kFailed);
  REQUIRE(service::set_workflow_enabled(with.owner(), "greet", false));
  CHECK(with.retry("ex_1").error().message == "the workflow 'greet' is disabled");
  REQUIRE(service::delete_workflow(with.owner(), "greet"));
  CHECK(with.retry("ex_1").error().message == "its workflow 'greet' was deleted");
  // Its name alone does not make another workflow the same one.
  with.apply({workflow_text("greet")});
  CHECK(with.retry("ex_1").error().message == "its workflow 'greet' was deleted");
}

TEST_CASE("a call that its parent makes again is left to the parent") {
  RetryCase with;
  auto parent = make_change(make_execution("ex_parent", ExecutionStatus::kRunning));
  parent.execution.workflow = with.workflow;
  parent.steps.put(make_step("ship", domain::StepStatus::kWaiting));
  parent.effects.push_back(make_effect("ex_parent", "ship"));
  parent.effects.back().kind = domain::EffectKind::kChild;
  const EffectId call = parent.effects.back().id;
  auto began = accept(parent);
  began.event.workflow = with.workflow;
  REQUIRE(with.memory->commit({began}).front());
  auto child = make_execution("ex_child", ExecutionStatus::kFailed);
  child.parent = domain::Parent{ExecutionId("ex_parent"), call};
  with.keep(child);
  CHECK(with.retry("ex_child").error().message == "it was called by ex_parent, which still runs");

  domain::Step failed = make_step("ship", domain::StepStatus::kFailed);
  failed.child = ExecutionId("ex_child");
  auto end = make_change(make_execution("ex_parent", ExecutionStatus::kFailed));
  end.execution.workflow = with.workflow;
  end.steps.put(failed);
  end.finished.push_back(call);
  REQUIRE(with.memory->commit({advance(std::move(end))}).front());
  const auto refused = with.retry("ex_child");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint == "retry that one: ipaas execution retry ex_parent --from-failed");
}

TEST_CASE("of several, those that can be are retried, each once, and the others are named") {
  RetryCase with;
  with.keep("ex_1", ExecutionStatus::kFailed);
  with.keep("ex_2", ExecutionStatus::kSucceeded);
  with.keep("ex_3", ExecutionStatus::kFailed);
  const auto all = with.retry_all({"ex_3", "ex_2", "ex_1", "ex_3", "ex_none"});
  REQUIRE(all.retried.size() == 2);
  CHECK(all.retried[0].retry_of.str() == "ex_3");
  CHECK(all.retried[1].retry_of.str() == "ex_1");
  REQUIRE(all.left_out.size() == 2);
  CHECK(all.left_out[0].execution.str() == "ex_2");
  CHECK(all.left_out[1].reason.kind == ErrorKind::kNotFound);
  CHECK(with.runtime.arrivals.size() == 2);
}

TEST_CASE("only what failed is discarded") {
  RetryCase with;
  with.keep("ex_1", ExecutionStatus::kFailed);
  with.keep("ex_2", ExecutionStatus::kSucceeded);
  with.keep("ex_3", ExecutionStatus::kRunning);
  const auto all = service::discard_executions(with.owner(), {ExecutionId("ex_1"), ExecutionId("ex_2"), ExecutionId("ex_3")});
  REQUIRE(all);
  REQUIRE(all->discarded.size() == 1);
  CHECK(all->left_out.size() == 2);
  CHECK(service::discard_execution(with.owner(), ExecutionId("ex_2")).error().kind == ErrorKind::kConflict);
  CHECK(service::discard_execution(with.owner(), ExecutionId("ex_none")).error().kind == ErrorKind::kNotFound);
}
