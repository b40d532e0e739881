// What a retry takes over from the execution that failed, and that the engine goes on from there.
#include "core/service/kept_results.h"

#include <algorithm>

#include "core/connectors/catalog.h"
#include "core/engine/local_runner.h"
#include "core/language/workflow_parser.h"
#include "tests/support/catch.h"
#include "tests/support/store_fixtures.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

/// Answers with the path of the step; fails for good where a test says so.
class Scripted final : public engine::Receiver {
 public:
  std::optional<engine::Answer> answer(const domain::Effect& call, Instant) override {
    sent.push_back(call.path);
    keys.push_back(call.call.idempotency_key);
    if (const auto code = failing.find(call.path); code != failing.end()) {
      engine::CallFailed failure;
      failure.code = code->second;
      failure.failure_class = code->second == "rejected" ? engine::FailureClass::kRejected : engine::FailureClass::kUnknown;
      failure.worth_retrying = false;
      return engine::Answer{failure, {}};
    }
    return engine::Answer{Json{{"from", call.path}}, {}};
  }

  std::map<std::string, std::string> failing;
  std::vector<std::string> sent;
  std::vector<std::string> keys;
};

language::WorkflowPtr parsed(const std::string& steps) {
  static const connectors::Catalog catalog = connectors::Catalog::built_in().value();
  auto workflows = language::parse_workflows("name: w\non: { manual: {} }\n" + steps, "w.yaml", catalog);
  if (!workflows) FAIL(to_string(workflows.error().front()));
  return workflows->front();
}

std::string call(const std::string& id, const std::string& more = "") {
  return "{ id: " + id + ", uses: http/request, with: { method: POST, url: 'https://x.example/" + id + "' }" + more + " }";
}

domain::ExecutionSnapshot queued(const std::string& id) {
  domain::ExecutionSnapshot snapshot;
  snapshot.execution = make_execution(id, domain::ExecutionStatus::kQueued);
  snapshot.execution.started_at.reset();
  snapshot.execution.revision = 0;
  snapshot.execution.engine_version = engine::kEngineVersion;
  snapshot.payload = Json::object();
  return snapshot;
}

/// Runs it until it fails, and once more from there; `next` may be a newer version.
struct Retry {
  Retry(const language::Workflow& workflow, std::map<std::string, std::string> failing,
        const language::Workflow* next = nullptr) {
    Scripted first;
    first.failing = std::move(failing);
    auto before = engine::run_locally(workflow, queued("ex_1"), kNow, first);
    failed = std::move(before.snapshot);
    kept = service::kept_results(next == nullptr ? workflow : *next, failed);
    auto snapshot = queued("ex_2");
    snapshot.steps = kept.steps;
    snapshot.execution.idempotency_keys = kept.idempotency_keys;
    auto after = engine::run_locally(next == nullptr ? workflow : *next, std::move(snapshot), kNow, second);
    ended = std::move(after.snapshot);
  }

  [[nodiscard]] std::string sent() const {
    std::string text;
    for (const std::string& path : second.sent) text += (text.empty() ? "" : " ") + path;
    return text;
  }
  [[nodiscard]] std::string status() const { return std::string(status_name(ended.execution.status)); }

  domain::ExecutionSnapshot failed;
  service::KeptResults kept;
  Scripted second;
  domain::ExecutionSnapshot ended;
};

}  // namespace

TEST_CASE("a retry from where it failed repeats nothing that has finished") {
  const auto workflow = parsed("steps: [ " + call("a") + ", { id: b, set: '${{ steps.a.outputs.from }}' }, " + call("c") +
                               ", " + call("d") + " ]\noutputs: { b: '${{ steps.b.outputs }}' }\n");
  const Retry retry(*workflow, {{"c", "rejected"}});
  CHECK(retry.failed.execution.status == domain::ExecutionStatus::kFailed);
  CHECK(retry.sent() == "c d");
  CHECK(retry.status() == "succeeded");
  CHECK(retry.ended.execution.outputs == Json{{"b", "a"}});
}

TEST_CASE("what was skipped behind the failure runs now, what was skipped by its own condition stays so") {
  const auto workflow = parsed("steps: [ " + call("no", ", if: 'false'") + ", " + call("a") + ", " + call("b") + ", " +
                               call("saved", ", if: always()") + ", " + call("told", ", if: failure()") + " ]\n");
  const Retry retry(*workflow, {{"a", "rejected"}});
  CHECK(retry.kept.steps.find("no") != nullptr);
  // What ran because of the failure is not sent a second time.
  CHECK(retry.sent() == "a b");
  CHECK(retry.status() == "succeeded");
}

TEST_CASE("a softened failure counts as finished") {
  const auto workflow =
      parsed("steps: [ " + call("soft", ", continue-on-error: true") + ", " + call("hard") + " ]\n");
  const Retry retry(*workflow, {{"soft", "rejected"}, {"hard", "rejected"}});
  CHECK(retry.sent() == "hard");
}

TEST_CASE("a loop goes on with the rounds that have not finished, over what it went over") {
  const auto workflow = parsed("steps:\n  - id: all\n    for-each: '${{ fromJSON(''[10, 20, 30, 40]'') }}'\n    max-parallel: 2\n"
                               "    steps: [ " + call("one") + ", " + call("two") + " ]\n"
                               "outputs: { n: '${{ length(steps.all.outputs) }}' }\n");
  const Retry retry(*workflow, {{"all[1].two", "rejected"}});
  REQUIRE(retry.kept.steps.find("all") != nullptr);
  CHECK(retry.kept.steps.find("all")->status == domain::StepStatus::kRunning);
  CHECK(*retry.kept.steps.find("all")->items == Json{10, 20, 30, 40});
  CHECK(retry.kept.steps.find("all[1].one") != nullptr);
  CHECK(retry.kept.steps.find("all[1].two") == nullptr);
  for (const char* path : {"all[0].one", "all[0].two", "all[1].one"}) {
    INFO(path);
    CHECK(std::find(retry.second.sent.begin(), retry.second.sent.end(), path) == retry.second.sent.end());
  }
  CHECK(retry.status() == "succeeded");
  CHECK(retry.ended.execution.outputs == Json{{"n", 4}});
}

TEST_CASE("branches and cases that finished are kept") {
  const auto workflow = parsed("steps:\n  - id: both\n    parallel: [ " + call("left") + ", " + call("right") + " ]\n" +
                               "  - id: pick\n    switch: '${{ ''a'' }}'\n    cases: { a: [ " + call("x") + ", " + call("y") + " ] }\n");
  CHECK(Retry(*workflow, {{"right", "rejected"}}).sent() == "right x y");
  const Retry second(*workflow, {{"y", "rejected"}});
  CHECK(second.sent() == "y");
  CHECK(second.status() == "succeeded");
}

TEST_CASE("fail-fast cancelled the others: they run now") {
  const auto workflow = parsed("steps:\n  - id: both\n    fail-fast: true\n    parallel: [ " + call("left") + ", " +
                               call("right") + ", " + call("third") + " ]\n");
  const Retry retry(*workflow, {{"left", "rejected"}});
  CHECK(retry.status() == "succeeded");
  CHECK(std::find(retry.second.sent.begin(), retry.second.sent.end(), "left") != retry.second.sent.end());
}

TEST_CASE("handlers run anew") {
  const auto workflow = parsed("steps: [ " + call("a") + ", " + call("b") + " ]\non-failure: [ " + call("tell") +
                               " ]\nfinally: [ " + call("clean") + " ]\n");
  const Retry retry(*workflow, {{"b", "rejected"}});
  CHECK(retry.kept.steps.find("tell") == nullptr);
  CHECK(retry.kept.steps.find("clean") == nullptr);
  CHECK(retry.sent() == "b clean");
}

TEST_CASE("a call of which nobody knows whether it happened keeps its key") {
  const auto workflow = parsed("steps: [ " + call("a") + " ]\n");
  const Retry retry(*workflow, {{"a", "timeout"}});
  REQUIRE(retry.failed.execution.error);
  CHECK(retry.failed.execution.error->code == "outcome_unknown");
  CHECK(retry.second.keys == std::vector<std::string>{"ex_1/a"});
  CHECK(Retry(*workflow, {{"a", "rejected"}}).second.keys == std::vector<std::string>{"ex_2/a"});
  CHECK(service::unknown_keys(retry.failed) == std::map<std::string, std::string>{{"a", "ex_1/a"}});
}

TEST_CASE("a newer version keeps what it still has, by id and kind") {
  const auto old = parsed("steps: [ " + call("a") + ", { id: b, set: 1 }, " + call("gone") + ", " + call("c") + " ]\n");
  const auto next = parsed("steps: [ { id: b, log: hello }, " + call("a") + ", " + call("fresh") + ", " + call("c") + " ]\n");
  const Retry retry(*old, {{"c", "rejected"}}, next.get());
  CHECK(retry.kept.steps.find("a") != nullptr);
  CHECK(retry.kept.steps.find("gone") == nullptr);
  CHECK(retry.sent() == "fresh c");
  CHECK(retry.status() == "succeeded");
}
