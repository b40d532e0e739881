// What a workflow declares sensitive is shown nowhere.
#include "core/service/views.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

domain::Step gave(std::string path, Json outputs, bool sensitive = false) {
  domain::Step step = make_step(std::move(path));
  step.outputs = std::move(outputs);
  step.sensitive = sensitive;
  return step;
}

/// The view of an execution of the workflow with these steps.
std::string shown(const std::string& rest, std::vector<domain::Step> steps, Json inputs = Json::object()) {
  ServiceCase with;
  REQUIRE(with.apply({workflow_text("w", "{ manual: {} }", rest)}) == "created w");
  auto change = make_change(make_execution("ex_1", domain::ExecutionStatus::kFailed));
  change.execution.workflow = with.reader->workflow(kTenant, "w")->id;
  change.execution.inputs = std::move(inputs);
  change.execution.error = domain::Failure{"rejected", "it said hush", steps.back().path};
  for (auto& step : steps) change.steps.put(std::move(step));
  auto event = accept(change);
  event.event.workflow = change.execution.workflow;
  REQUIRE(with.memory->commit({std::move(event)}).front());
  const auto snapshot = service::get_execution(with.owner(), ExecutionId("ex_1"));
  REQUIRE(snapshot);
  return dump_json(service::view(*snapshot, with.masker));
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a sensitive input is redacted, the others are not") {
  const std::string text =
      shown("inputs: { pin: { type: number, sensitive: true }, city: { type: string } }\nsteps: [ { id: a, set: 1 } ]\n",
            {gave("a", 1)}, {{"pin", 4711}, {"city", "Paris"}});
  CHECK_FALSE(says(text, "4711"));
  CHECK(says(text, R"("pin":"***REDACTED***")"));
  CHECK(says(text, "Paris"));
}

TEST_CASE("a sensitive step's outputs and failure are redacted") {
  domain::Step failed = gave("b", nullptr, true);
  failed.status = domain::StepStatus::kFailed;
  failed.error = domain::Failure{"rejected", "it said hush", "b"};
  const std::string text = shown("steps: [ { id: a, set: 1, sensitive: true }, { id: b, fail: x, sensitive: true } ]\n",
                                 {gave("a", {{"iban", "DE00"}}, true), failed});
  CHECK_FALSE(says(text, "DE00"));
  CHECK_FALSE(says(text, "hush"));
  CHECK(says(text, R"("code":"rejected")"));
}

TEST_CASE("what a loop or a case gives is made of its last step, and is as sensitive as that") {
  const std::string rest =
      "steps:\n  - id: all\n    for-each: '${{ fromJSON(''[1]'') }}'\n    steps: [ { id: plain, set: 1 }, { id: last, set: 1, sensitive: true } ]\n"
      "  - id: pick\n    switch: '${{ ''a'' }}'\n    cases: { a: [ { id: inner, set: 1, sensitive: true } ] }\n  - { id: open, set: 1 }\n";
  const std::string text = shown(rest, {gave("all", {"DE01"}), gave("all[0].plain", "seen-1"), gave("all[0].last", "DE01", true),
                                        gave("pick", "DE02"), gave("inner", "DE02", true), gave("open", "seen-2")});
  CHECK_FALSE(says(text, "DE0"));
  CHECK(says(text, "seen-1"));
  CHECK(says(text, "seen-2"));
}

TEST_CASE("steps inside a sensitive step are sensitive, and so is what it goes over") {
  domain::Step loop = gave("all", {"DE03"}, true);
  loop.kind = "for-each";
  loop.items = std::make_shared<const Json>(Json{"DE04"});
  const std::string rest = "steps:\n  - id: all\n    sensitive: true\n    for-each: '${{ fromJSON(''[1]'') }}'\n"
                           "    steps: [ { id: inner, set: 1 } ]\n";
  CHECK_FALSE(says(shown(rest, {loop, gave("all[0].inner", "DE05")}), "DE0"));
}
