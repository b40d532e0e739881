// Answering what waits: who may, what is said to who may not, and to who comes too late.
#include "core/service/waits.h"

#include "core/service/execution_details.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using domain::ExecutionStatus;
using domain::StepStatus;

namespace {

constexpr std::string_view kAsks =
    "steps:\n"
    "  - id: ok\n    wait-for:\n      approval: { message: 'Ship?' }\n"
    "      notify: [ { id: tell, log: 'decide at ${{ wait.url }}' } ]\n"
    "  - { id: returned, wait-for: { callback: {} } }\n";

/// What waits at a path, as the engine keeps it.
domain::Step waiting(const std::string& path, const std::string& kind, StepStatus status = StepStatus::kWaiting) {
  domain::Step step = make_step(path, status);
  step.kind = "wait-for";
  step.items = std::make_shared<const Json>(Json{{"kind", kind}, {"message", "Ship?"}, {"roles", Json::array()}, {"self", false}});
  return step;
}

domain::Step approved(const std::string& path) {
  domain::Step step = waiting(path, "approval", StepStatus::kSucceeded);
  step.outputs = Json{{"decision", "approved"}, {"by", "uid:9"}, {"comment", "hush"}};
  return step;
}

domain::Step rejected(const std::string& path) {
  domain::Step step = waiting(path, "approval", StepStatus::kFailed);
  step.error = domain::Failure{"approval_rejected", "rejected by uid:9: not today", path};
  return step;
}

class WaitCase : public ServiceCase {
 public:
  WaitCase() {
    apply({workflow_text("greet", "{ manual: {} }", kAsks)});
    workflow = reader->workflow(kTenant, "greet")->id;
  }
  void keep(std::vector<domain::Step> steps, const std::string& starter = "uid:9", ExecutionStatus status = ExecutionStatus::kWaiting) {
    domain::Execution execution = make_execution("ex_1", status);
    execution.workflow = workflow;
    execution.starter = starter;
    auto change = make_change(std::move(execution));
    for (auto& step : steps) change.steps.put(std::move(step));
    auto event = accept(std::move(change));
    event.event.workflow = workflow;
    REQUIRE(memory->commit({std::move(event)}).front());
  }
  [[nodiscard]] service::Context context(std::string_view public_url = "https://hooks.example") {
    service::Context context = owner();
    return {context.caller, context.reader, context.writer, context.runtime, context.catalog,
            context.masker, context.ids,    context.clock,  public_url};
  }
  /// What deciding is answered: `ok`, or `message -> hint`.
  std::string decide(const std::string& id, std::string_view public_url = "https://hooks.example") {
    std::string told;
    service::decide_approval(context(public_url), id, {true, ""}, [&](const Result<service::Wait>& answer) {
      kind = answer ? ErrorKind::kInternal : answer.error().kind;
      told = answer ? "ok" : answer.error().message + " -> " + answer.error().hint;
    });
    return told;
  }
  std::string signal(const std::string& path) {
    std::string told;
    service::signal_callback(context(), ExecutionId("ex_1"), path, nullptr, [&](const Result<service::Wait>& answer) {
      told = answer ? "ok" : answer.error().message + " -> " + answer.error().hint;
    });
    return told;
  }
  WorkflowId workflow;
  ErrorKind kind = ErrorKind::kInternal;
};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("who has started it is told who else decides, and how") {
  WaitCase with;
  with.keep({waiting("ok", "approval")}, "uid:7");
  const std::string told = with.decide("ex_1/ok");
  INFO(told);
  CHECK(with.kind == ErrorKind::kForbidden);
  CHECK(told.starts_with("you have started this execution, and who starts it may not decide -> "));
  CHECK(holds(told, "somebody else runs `ipaas approval approve ex_1/ok`, or opens the link that `notify` told"));
  CHECK(holds(told, "ipaas execution cancel ex_1"));
  CHECK(holds(told, "self: true"));
  CHECK_FALSE(holds(with.decide("ex_1/ok", ""), "opens the link"));
}

TEST_CASE("the details of an open approval say whether the caller may decide") {
  WaitCase with;
  const std::string starter = GENERATE("uid:7", "uid:9");
  with.keep({waiting("ok", "approval"), waiting("returned", "callback")}, starter);
  const auto snapshot = with.reader->execution(kTenant, ExecutionId("ex_1"));
  const Json details = service::details(with.context(), *snapshot);
  const Json& decide = details["steps"][0]["wait"]["decide"];
  CHECK(decide["allowed"] == (starter == "uid:9"));
  CHECK(decide.contains("reason") == (starter == "uid:7"));
  CHECK_FALSE(details["steps"][1]["wait"].contains("decide"));
  CHECK(details["starter"] == starter);
}

TEST_CASE("who comes too late is told who has decided what") {
  WaitCase with;
  SECTION("approved") {
    with.keep({approved("ok")});
    CHECK(with.decide("ex_1/ok") == "this has been answered already: approved by uid:9 at 2026-01-01T00:00:00.000Z -> ");
    CHECK(holds(with.decide("ex_1"), "'ok' of 'ex_1' does not wait any more: this has been answered already: approved by uid:9"));
    CHECK(holds(with.signal("ok"), "this has been answered already"));
  }
  SECTION("rejected") {
    with.keep({rejected("ok")}, "", ExecutionStatus::kFailed);
    CHECK(with.decide("ex_1/ok") == "this has been answered already: rejected by uid:9 at 2026-01-01T00:00:00.000Z -> ");
  }
  SECTION("called back") {
    with.keep({waiting("returned", "callback", StepStatus::kSucceeded)});
    CHECK(holds(with.signal("returned"), "this has been answered already: called back at "));
  }
  SECTION("failed before anybody was asked") {
    auto broken = waiting("ok", "approval", StepStatus::kFailed);
    broken.error = domain::Failure{"expression_failed", "no", "ok"};
    with.keep({broken}, "", ExecutionStatus::kFailed);
    CHECK(holds(with.decide("ex_1/ok"), "failed elsewhere"));
  }
  CHECK(with.runtime.signals.empty());
}

TEST_CASE("who mistakes one kind of wait for the other is told the right command") {
  WaitCase with;
  with.keep({waiting("ok", "approval"), waiting("orders[0].returned", "callback")});
  CHECK(with.signal("ok") == "the step waits for an approval, not for a callback -> ipaas approval approve ex_1/ok");
  CHECK(with.decide("ex_1/orders[0].returned") ==
        "the step waits for a callback, not for an approval -> ipaas execution signal ex_1 --step 'orders[0].returned'");
  CHECK(with.kind == ErrorKind::kConflict);
}

TEST_CASE("where only a callback waits, an approval points at it") {
  WaitCase with;
  with.keep({waiting("returned", "callback")});
  CHECK(with.decide("ex_1") == "nothing of 'ex_1' waits for an approval -> the step 'returned' waits for a callback: "
                               "ipaas execution signal ex_1 --step returned");
}

TEST_CASE("a misspelt step is guessed, and another step is called what it is") {
  WaitCase with;
  with.keep({waiting("returned", "callback"), make_step("first")});
  CHECK(with.signal("retruned") == "no step 'retruned' of 'ex_1' waits -> did you mean `returned`?");
  CHECK(with.decide("ex_1/quite-another") == "no step 'quite-another' of 'ex_1' waits -> its steps: ipaas execution get ex_1");
  CHECK(with.kind == ErrorKind::kNotFound);
  CHECK(holds(with.signal("first"), "the step 'first' of 'ex_1' is no `wait-for`"));
}
