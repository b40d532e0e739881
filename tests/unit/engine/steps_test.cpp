// Steps that need nobody: their order, conditions, kinds and outputs.
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("steps run in order and see what came before") {
  EngineCase run(
      "  - { id: one, set: { n: '${{ event.body.n }}' } }\n"
      "  - { id: two, set: '${{ steps.one.outputs.n }}' }\n"
      "  - log: 'n is ${{ steps.two.outputs }}'\n"
      "outputs: { n: '${{ steps.two.outputs }}', who: '${{ execution.workflow }}' }\n",
      Json{{"n", 9007199254740993}});
  const auto change = run.begin();
  CHECK(run.status() == "succeeded");
  CHECK(change.effects.empty());
  REQUIRE(run.snapshot.steps.size() == 3);
  CHECK(run.snapshot.steps[2].path == "step-3");
  CHECK(run.snapshot.steps[2].outputs.is_null());
  // A number that is only moved keeps every digit.
  CHECK(dump_json(run.snapshot.execution.outputs) == R"({"n":9007199254740993,"who":"demo"})");
  CHECK(run.snapshot.execution.started_at == run.now);
  CHECK(run.snapshot.execution.ended_at == run.now);
  REQUIRE(change.logs.size() == 3);
  CHECK(change.logs[1].text == "n is 9007199254740993");
  CHECK(change.logs[1].path == "step-3");
}

TEST_CASE("a step whose condition does not hold is skipped") {
  EngineCase run(
      "  - { id: no, if: event.body.n > 5, set: 1 }\n"
      "  - { id: yes, if: \"steps.no.outcome == 'skipped' && steps.no.conclusion == 'skipped'\", set: 2 }\n",
      Json{{"n", 5}});
  run.begin();
  CHECK(run.status() == "succeeded");
  CHECK(run.status_of("no") == "skipped");
  CHECK(run.step("no").attempts == 0);
  CHECK(run.step("yes").outputs == 2);
}

TEST_CASE("after a failure only steps that ask for it run, as in GitHub Actions") {
  EngineCase run(
      "  - { id: before, if: failure(), set: 1 }\n"
      "  - { id: boom, fail: 'no stock for ${{ event.body }}' }\n"
      "  - { id: plain, set: 1 }\n"
      "  - { id: truthy, if: 'true', set: 1 }\n"
      "  - { id: on-failure, if: failure(), set: 1 }\n"
      "  - { id: on-success, if: success(), set: 1 }\n"
      "  - { id: anyway, if: always(), set: 1 }\n"
      "  - { id: never, if: cancelled(), set: 1 }\n",
      "tea");
  run.begin();
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "rejected");
  CHECK(run.snapshot.execution.error->message == "no stock for tea");
  CHECK(run.snapshot.execution.error->step == "boom");
  for (const char* skipped : {"before", "plain", "truthy", "on-success", "never"}) {
    INFO(skipped);
    CHECK(run.status_of(skipped) == "skipped");
  }
  CHECK(run.status_of("on-failure") == "succeeded");
  CHECK(run.status_of("anyway") == "succeeded");
  CHECK(run.snapshot.execution.outputs.is_null());
}

TEST_CASE("continue-on-error softens a failure: the outcome says failure, the conclusion success") {
  EngineCase run(
      "  - { id: soft, fail: it broke, continue-on-error: true }\n"
      "  - { id: next, set: '${{ steps.soft.outcome }} ${{ steps.soft.conclusion }} ${{ steps.soft.error.message }}' "
      "}\n"
      "  - { id: sees-no-failure, if: failure(), set: 1 }\n");
  run.begin();
  CHECK(run.status() == "succeeded");
  CHECK(run.error_code().empty());
  CHECK(run.status_of("soft") == "failed");
  CHECK(run.step("soft").softened);
  CHECK(run.step("next").outputs == "failure success it broke");
  CHECK(run.status_of("sees-no-failure") == "skipped");
}

TEST_CASE("the first failure is the execution's, not one that follows from it") {
  EngineCase run(
      "  - { id: first, fail: one }\n"
      "  - { id: second, if: always(), fail: two }\n");
  run.begin();
  CHECK(run.snapshot.execution.error->step == "first");
}

TEST_CASE("an expression that fails fails its step, wherever it stands") {
  const auto [where, steps] = GENERATE(table<std::string, std::string>({
      {"value", "  - { id: x, set: \"${{ fromJSON('{') }}\" }\n"},
      {"condition", "  - { id: x, if: \"fromJSON('{')\", set: 1 }\n"},
      {"log", "  - { id: x, log: \"${{ fromJSON('{') }}\" }\n"},
      {"fail", "  - { id: x, fail: \"${{ fromJSON('{') }}\" }\n"},
      {"with", "  - { id: x, uses: http/request, with: { url: \"${{ fromJSON('{') }}\" } }\n"},
  }));
  INFO(where);
  EngineCase run(steps);
  const auto change = run.begin();
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "expression_failed");
  CHECK(run.status_of("x") == "failed");
  CHECK(change.effects.empty());
}

TEST_CASE("an output that cannot be computed fails the execution") {
  EngineCase run("  - { id: x, set: 1 }\noutputs: { bad: \"${{ fromJSON('{') }}\" }\n");
  run.begin();
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "expression_failed");
  CHECK(run.snapshot.execution.error->message.starts_with("output bad: "));
  CHECK(run.snapshot.execution.outputs.is_null());
  CHECK(run.status_of("x") == "succeeded");
}

TEST_CASE("outputs that are nested too deeply are refused") {
  Json deep = 1;
  for (int i = 0; i < 128; ++i) deep = Json::array({std::move(deep)});
  EngineCase fits("  - { id: x, set: '${{ event.body }}' }\n", deep);
  fits.begin();
  CHECK(fits.status() == "succeeded");
  EngineCase too_deep("  - { id: x, set: { more: '${{ event.body }}' } }\n", deep);
  too_deep.begin();
  CHECK(too_deep.status() == "failed");
  CHECK(too_deep.error_code() == "expression_failed");
}

TEST_CASE("an expression that runs out of its budget says so to whoever set the budget") {
  const EngineCase run("  - { id: x, set: \"${{ format('{0}{0}{0}{0}', event.body) }}\" }\n", std::string(1000, 'x'));
  engine::DecideLimits tight;
  tight.evaluation.bytes = 2000;
  const auto quick = run.decide(engine::Begin{}, tight);
  REQUIRE(quick);
  CHECK(quick->over_budget);
  const auto usual = run.decide(engine::Begin{});
  REQUIRE(usual);
  CHECK_FALSE(usual->over_budget);
  CHECK(usual->change.execution.status == domain::ExecutionStatus::kSucceeded);
}
