// Starting, showing and cancelling executions.
#include "tests/unit/service/service_case.h"

#include "core/service/views.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

Result<service::Started> run(ServiceCase& with, const std::string& name, const Json& inputs = Json::object()) {
  Result<service::Started> result = fail(ErrorKind::kInternal, "nobody answered");
  service::run_workflow(with.owner(), name, inputs, [&](auto started) { result = std::move(started); });
  return result;
}

Result<domain::ExecutionStatus> cancel(ServiceCase& with, const std::string& id) {
  Result<domain::ExecutionStatus> result = fail(ErrorKind::kInternal, "nobody answered");
  service::cancel_execution(with.owner(), ExecutionId(id), [&](auto status) { result = std::move(status); });
  return result;
}

void keep(ServiceCase& with, store::AcceptEvent event) {
  with.apply({workflow_text("greet")});
  const auto workflow = with.reader->workflow(kTenant, "greet")->id;
  event.event.workflow = event.first->execution.workflow = workflow;
  REQUIRE(with.memory->commit({std::move(event)}).front());
}

}  // namespace

TEST_CASE("a run hands over the newest version, its inputs and an audit record") {
  ServiceCase with;
  with.apply({workflow_text("a", "{ manual: {} }",
                            "inputs: { n: { type: number, default: 3 }, who: { type: string } }\n"
                            "steps: [ { log: hello } ]\n")});
  const auto started = run(with, "a", {{"who", "me"}});
  REQUIRE(started);
  CHECK(started->execution.str() == "ex_new");
  CHECK(started->workflow == "a");
  CHECK(started->version == 1);
  CHECK(started->status == domain::ExecutionStatus::kRunning);
  const service::Arrival& arrival = with.runtime.arrivals.at(0);
  CHECK(arrival.tenant == kTenant);
  CHECK(arrival.trigger == domain::TriggerKind::kManual);
  CHECK(arrival.inputs == Json{{"n", 3}, {"who", "me"}});
  REQUIRE(arrival.audit);
  CHECK(arrival.audit->actor == "uid:7");
  CHECK(arrival.audit->action == "workflow.run");
}

TEST_CASE("a run that cannot be says why") {
  ServiceCase with;
  with.apply({workflow_text("hook", "{ webhook: { verify: { scheme: none } } }"), workflow_text("off"),
              workflow_text("takes", "{ manual: {} }",
                            "inputs: { n: { type: number, required: true } }\nsteps: [ { log: hello } ]\n")});
  REQUIRE(service::set_workflow_enabled(with.owner(), "off", false));
  const auto [name, inputs, kind, says] = GENERATE(table<std::string, std::string, ErrorKind, std::string>({
      {"nothing", "{}", ErrorKind::kNotFound, "nothing"},
      {"hook", "{}", ErrorKind::kConflict, "has no manual trigger"},
      {"off", "{}", ErrorKind::kConflict, "is disabled"},
      {"takes", "{}", ErrorKind::kInvalid, "required"},
      {"takes", R"({"n":1,"m":2})", ErrorKind::kInvalid, "no input"},
      {"takes", R"({"n":"one"})", ErrorKind::kInvalid, "must be a number"},
      {"takes", "[1]", ErrorKind::kInvalid, "must be an object"},
  }));
  INFO(name << " " << inputs);
  const auto started = run(with, name, parse_json(inputs).value());
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == kind);
  CHECK(started.error().message.find(says) != std::string::npos);
  CHECK(with.runtime.arrivals.empty());
}

TEST_CASE("what runs is cancelled, what has ended is not") {
  ServiceCase with;
  keep(with, accept("ex_1", domain::ExecutionStatus::kRunning));
  keep(with, accept("ex_2", domain::ExecutionStatus::kFailed));
  CHECK(cancel(with, "ex_1") == domain::ExecutionStatus::kCancelled);
  REQUIRE(with.runtime.cancelled.size() == 1);
  CHECK(with.runtime.cancelled.front().second == "uid:7");
  const auto late = cancel(with, "ex_2");
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::kConflict);
  CHECK(late.error().message == "the execution has already ended: failed");
  CHECK(cancel(with, "ex_3").error().kind == ErrorKind::kNotFound);
  CHECK(with.runtime.cancelled.size() == 1);
}

TEST_CASE("what is cancelled already and still in its finally is cancelled once more") {
  ServiceCase with;
  keep(with, accept("ex_1", domain::ExecutionStatus::kRunning));
  CHECK(cancel(with, "ex_1"));
  CHECK_FALSE(with.runtime.cancels_finally);
  auto change = make_change(make_execution("ex_2", domain::ExecutionStatus::kCancelled));
  change.execution.ended_at.reset();
  keep(with, accept(std::move(change)));
  CHECK(cancel(with, "ex_2") == domain::ExecutionStatus::kCancelled);
  CHECK(with.runtime.cancels_finally);
}

TEST_CASE("an execution that ends while it is being cancelled is a conflict too") {
  ServiceCase with;
  keep(with, accept("ex_1", domain::ExecutionStatus::kRunning));
  with.runtime.status_after_cancel = domain::ExecutionStatus::kSucceeded;
  const auto late = cancel(with, "ex_1");
  REQUIRE_FALSE(late);
  CHECK(late.error().message == "the execution has already ended: succeeded");
}

TEST_CASE("what was stored before a secret was known is masked when it is shown") {
  ServiceCase with;
  auto change = make_change(make_execution("ex_1", domain::ExecutionStatus::kFailed));
  change.execution.inputs = Json{{"pass", "it is hunter2-hunter2"}};
  change.execution.outputs = Json{{"list", {"hunter2-hunter2"}}};
  change.execution.error->message = "no hunter2-hunter2 for you";
  domain::Step step = make_step("send");
  step.outputs = Json{{"hunter2-hunter2", 1}, {"echo", "hunter2-hunter2"}};
  step.error = domain::Failure{"rejected", "hunter2-hunter2", "send"};
  change.steps.put(step);
  change.logs.push_back(make_line("said hunter2-hunter2"));
  keep(with, accept(std::move(change)));

  const auto snapshot = service::get_execution(with.owner(), ExecutionId("ex_1"));
  REQUIRE(snapshot);
  const std::string whole = dump_json(service::view(*snapshot, with.masker));
  CHECK(whole.find("hunter2") == std::string::npos);
  CHECK(whole.find("***REDACTED***") != std::string::npos);
  const auto lines = service::list_logs(with.owner(), {});
  REQUIRE(lines);
  CHECK(lines->at(0).text == "said ***REDACTED***");
  CHECK(dump_json(service::view(service::list_executions(with.owner(), {})->at(0), with.masker)).find("hunter2") ==
        std::string::npos);
}

TEST_CASE("an execution's view has the keys that scripts rely on") {
  ServiceCase with;
  auto change = make_change(make_execution("ex_1", domain::ExecutionStatus::kFailed));
  change.steps.push_back(make_step("send"));
  keep(with, accept(std::move(change)));
  const Json view = service::view(*service::get_execution(with.owner(), ExecutionId("ex_1")), with.masker);
  for (const char* key : {"id", "workflow", "version", "status", "trigger", "event", "started_at", "ended_at", "error",
                          "steps", "outputs"}) {
    INFO(key);
    CHECK(view.contains(key));
  }
  for (const char* key : {"path", "kind", "status", "attempts", "started_at", "ended_at", "outputs", "error"}) {
    INFO(key);
    CHECK(view["steps"][0].contains(key));
  }
  CHECK(view["error"] == Json{{"code", "rejected"}, {"message", "it said no"}, {"step", "send"}});
}

TEST_CASE("what an execution gave to mask() is masked in all that is shown of it, also when the tenant has forgotten it") {
  ServiceCase with;
  auto event = accept("ex_1", domain::ExecutionStatus::kFailed);
  domain::ExecutionChange& first = *event.first;
  const std::string value = "zebra-quartz-9931";
  domain::Step step = make_step("set", domain::StepStatus::kFailed);
  step.outputs = Json{{"v", "is " + value}};
  step.error = domain::Failure{"rejected", "no " + value, "set"};
  step.items = std::make_shared<const Json>(Json::array({value}));
  first.steps = {step};
  first.execution.inputs = Json{{"given", value}};
  first.execution.outputs = Json{{"made", value}};
  first.execution.error = domain::Failure{"rejected", "bad " + value, "set"};
  first.attempts = {{"set", 1, kNow, kNow, "rejected", "tried " + value}};
  first.logs = {make_line("logged " + value)};
  event.masked = {value};
  keep(with, event);
  auto other = accept("ex_2", domain::ExecutionStatus::kFailed);
  other.first->execution.error->message = "other " + value;
  keep(with, other);
  REQUIRE(with.masker.mask(value) == value);

  const auto context = with.owner();
  const auto shown = service::get_execution(context, ExecutionId("ex_1"));
  REQUIRE(shown);
  const std::string view = dump_json(service::view(*shown, context.masker));
  INFO(view);
  CHECK(view.find(value) == std::string::npos);
  CHECK(view.find("is ***REDACTED***") != std::string::npos);
  CHECK(service::list_attempts(context, ExecutionId("ex_1"))->front().message == "tried ***REDACTED***");
  CHECK(service::list_logs(context, {.execution = ExecutionId("ex_1")})->front().text == "logged ***REDACTED***");
  CHECK(service::list_logs(context, {})->front().text == "logged ***REDACTED***");
  const auto listed = service::list_executions(context, {});
  REQUIRE(listed->size() == 2);
  CHECK(listed->at(1).error->message == "bad ***REDACTED***");
  // What another one has masked is nothing to this one.
  CHECK(service::get_execution(context, ExecutionId("ex_2"))->execution.error->message == "other " + value);
}
