// What is said about a sensitive step says nothing of what it took or gave.
#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using domain::EffectKind;
using domain::ExecutionStatus;

namespace {

const std::string kSecret = "4711-secret";

void check_silent(const FlowCase& run) {
  CHECK(run.logs.find(kSecret) == std::string::npos);
  for (const domain::Step& step : run.snapshot.steps) {
    if (step.error) CHECK(step.error->message.find(kSecret) == std::string::npos);
  }
  for (const domain::Attempt& attempt : run.last.attempts) CHECK(attempt.message.find(kSecret) == std::string::npos);
  const auto& error = run.snapshot.execution.error;
  if (error) CHECK(error->message.find(kSecret) == std::string::npos);
}

FlowCase begun(const std::string& action) {
  FlowCase run("steps: [ { id: it, sensitive: true, " + action + " } ]\n", kSecret);
  run.begin();
  return run;
}

engine::ChildEnded failed_child(const FlowCase& run) {
  return {run.id_of("it", EffectKind::kChild), ExecutionId("ex_2"), ExecutionStatus::kFailed, nullptr,
          domain::Failure{"rejected", "no account " + kSecret, "send"}};
}

}  // namespace

TEST_CASE("a sensitive step that fails does not say with what") {
  for (const std::string action : {"fail: 'bad ${{ event.body }}'", "sleep: '${{ event.body }}'"}) {
    const FlowCase run = begun(action);
    CHECK(run.ended());
    CHECK(run.snapshot.execution.error->message == "***REDACTED***");
    CHECK(run.snapshot.execution.error->step == "it");
    check_silent(run);
  }
}

TEST_CASE("what a sensitive call is told by its child is told to nobody") {
  FlowCase run = begun("call: other, retry: { max-attempts: 2, delay: 1s, jitter: none }");
  REQUIRE(run.take(failed_child(run)));
  CHECK(run.last.attempts.front().message == "***REDACTED***");
  check_silent(run);
  REQUIRE(run.take(failed_child(run)));
  CHECK(run.error() == "child_failed @it");
  check_silent(run);
}

TEST_CASE("the comment on a sensitive approval is not logged") {
  for (const auto kind : {engine::Signal::Kind::kApprove, engine::Signal::Kind::kReject}) {
    FlowCase run = begun("wait-for: { approval: {} }");
    REQUIRE(run.take(engine::Signal{"it", kind, "ada", "as " + kSecret, {}}));
    check_silent(run);
  }
}

TEST_CASE("what fails inside of a container beside a sensitive step says why") {
  FlowCase run("steps:\n  - parallel:\n      - { id: open, fail: no milk }\n      - { id: it, sensitive: true, set: '${{ event.body }}' }\n",
               kSecret);
  run.begin();
  CHECK(run.snapshot.execution.error->message == "no milk");
  check_silent(run);
}
