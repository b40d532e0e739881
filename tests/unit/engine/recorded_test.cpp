// now(), uuid() and mask(): what a decision records, so that a replay decides the same.
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("now() is the time of the decision, and a replay sees the same ids") {
  const char* steps =
      "  - { id: one, if: \"uuid() != ''\", set: { at: '${{ now() }}', ids: '${{ map(range(2), x => uuid()) }}' } }\n"
      "  - { id: two, set: '${{ uuid() }}' }\n"
      "outputs: { a: '${{ uuid() }}', b: '${{ uuid() }}' }\n";
  EngineCase run(steps);
  EngineCase replay(steps);
  run.begin();
  replay.begin();
  CHECK(run.step("one").outputs["at"] == "2026-01-01T00:00:00.000Z");
  CHECK(run.step("one").outputs == replay.step("one").outputs);
  CHECK(run.step("two").outputs == replay.step("two").outputs);
  CHECK(run.snapshot.execution.outputs == replay.snapshot.execution.outputs);
  const Json& ids = run.step("one").outputs["ids"];
  CHECK(ids[0] != ids[1]);
  CHECK(ids[0] != run.step("two").outputs);
  CHECK(run.snapshot.execution.outputs["a"] != run.snapshot.execution.outputs["b"]);
}

TEST_CASE("another execution gets other ids") {
  const char* steps = "  - { id: one, set: '${{ uuid() }}' }\n";
  EngineCase run(steps);
  EngineCase other(steps);
  other.snapshot.execution.seed = 8;
  run.begin();
  other.begin();
  CHECK(run.step("one").outputs != other.step("one").outputs);
}

TEST_CASE("what is given to mask() comes with the decision, also when the expression fails afterwards") {
  EngineCase run(
      "  - { id: one, continue-on-error: true, set: \"${{ fromJSON(mask(event.body.token)) }}\" }\n"
      "  - { id: two, set: \"${{ mask('second-secret') }}\" }\n",
      Json{{"token", "first-secret"}});
  const auto decision = run.decide(engine::Begin{});
  REQUIRE(decision);
  CHECK(decision->masked == std::vector<std::string>{"first-secret", "second-secret"});
}
