// What one decision may cost, and what an execution may keep.
#include "core/engine/keeping.h"
#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using domain::EffectKind;

namespace {

/// Fires what goes on by itself until nothing does; how many decisions it took.
int go_on(FlowCase& run, const engine::DecideLimits& limits) {
  for (int decisions = 0;; ++decisions) {
    const auto due = std::find_if(run.snapshot.effects.begin(), run.snapshot.effects.end(), [&](const auto& effect) {
      return effect.kind == EffectKind::kTimer && effect.due_at <= run.now;
    });
    if (due == run.snapshot.effects.end()) return decisions;
    REQUIRE(decisions < 20'000);
    const EffectId id = due->id;
    REQUIRE(run.take(engine::TimerFired{id}, limits));
  }
}

std::string long_text(std::size_t bytes) { return "${{ padStart('', " + std::to_string(bytes) + ", 'x') }}"; }

}  // namespace

TEST_CASE("rounds that are skipped count like those that are begun") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 10000) }}', steps: [ { id: no, if: 'item < 0', log: no } ] }\n");
  REQUIRE(run.take(engine::Begin{}));
  CHECK(run.snapshot.steps.find("all")->begun == engine::DecideLimits{}.steps - 1);
  CHECK(run.open() == "timer all");
  CHECK(go_on(run, {}) == 10'000 / engine::DecideLimits{}.steps);
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.steps.find("all")->begun == 10'000);
}

TEST_CASE("a decision that has evaluated enough leaves the rest to the next one") {
  engine::DecideLimits limits;
  limits.operations = 1'000;
  // A few hundred operations each.
  const std::string dear = "'${{ length(map(range(0, 200), i => add(i, 1))) > 0 }}'";
  SECTION("rounds of a loop") {
    FlowCase run("steps:\n  - { id: all, for-each: [1, 2, 3, 4, 5, 6, 7, 8, 9], steps: [ { id: it, if: " + dear + ", log: it } ] }\n");
    REQUIRE(run.take(engine::Begin{}, limits));
    CHECK(run.snapshot.steps.find("all")->begun < 5);
    CHECK(go_on(run, limits) > 1);
    CHECK(run.status() == "succeeded");
  }
  SECTION("steps of a list, in it and in what stands inside of it") {
    std::string list;
    for (int i = 0; i < 9; ++i) list += "  - { id: s" + std::to_string(i) + ", set: " + dear + " }\n";
    list += "  - parallel: [ { id: a, set: " + dear + " }, { id: b, set: " + dear + " } ]\n";
    list += "  - switch: \"${{ 'yes' }}\"\n    cases: { \"yes\": [ { id: c, set: " + dear + " }, { id: d, if: failure(), set: 1 } ] }\n";
    FlowCase run("steps:\n" + list + "outputs: { a: '${{ steps.a.outputs }}', d: '${{ steps.d.outcome }}' }\n");
    REQUIRE(run.take(engine::Begin{}, limits));
    CHECK(run.snapshot.steps.find("s8") == nullptr);
    CHECK(run.status() == "running");
    CHECK(go_on(run, limits) > 1);
    CHECK(run.status() == "succeeded");
    CHECK(run.snapshot.execution.outputs == Json{{"a", true}, {"d", "skipped"}});
  }
  SECTION("a step that has not begun is cancelled like any other") {
    FlowCase run("steps: [ { id: a, set: " + dear + " }, { id: b, set: " + dear + " }, { id: c, set: " + dear +
                 " }, { id: d, set: " + dear + " } ]\n");
    limits.operations = 1;
    REQUIRE(run.take(engine::Begin{}, limits));
    CHECK(run.open() == "timer b");
    REQUIRE(run.take(engine::Cancel{"ada"}));
    CHECK(run.status_of("b") == "cancelled");
    CHECK(run.open().empty());
    CHECK(run.ended());
  }
}

TEST_CASE("a failure in front is known to a step that begins in a decision of its own") {
  engine::DecideLimits limits;
  limits.operations = 1;
  FlowCase run("steps:\n  - { id: a, fail: \"${{ 'no' }}\" }\n  - { id: b, set: 1 }\n  - { id: c, if: failure(), set: 2 }\n");
  REQUIRE(run.take(engine::Begin{}, limits));
  go_on(run, limits);
  CHECK(run.status_of("b") == "skipped");
  CHECK(run.outputs_of("c") == 2);
  CHECK(run.error() == "rejected @a");
}

TEST_CASE("a loop goes on although one of its rounds takes a year") {
  FlowCase run("steps:\n  - id: all\n    for-each: '${{ range(0, 600) }}'\n    max-parallel: 2\n    steps:\n"
               "      - { id: nap, if: 'item == 0', sleep: 365d }\n      - { id: it, set: '${{ item }}' }\n");
  REQUIRE(run.take(engine::Begin{}));
  go_on(run, {});
  CHECK(run.snapshot.steps.find("all")->begun == 600);
  CHECK(run.open() == "timer all[0].nap");
  run.fire("all[0].nap");
  CHECK(run.status() == "succeeded");
}

TEST_CASE("what only evaluates ends at the workflow's timeout, too") {
  engine::DecideLimits limits;
  limits.operations = 1;
  FlowCase run("timeout: 1m\nsteps:\n  - { id: all, for-each: '${{ range(0, 1000) }}', steps: [ { id: it, set: '${{ item }}' } ] }\n");
  REQUIRE(run.take(engine::Begin{}, limits));
  for (int decision = 0; decision < 100 && !run.ended(); ++decision) {
    run.now += 1s;
    const EffectId id = run.snapshot.effects.front().id;
    REQUIRE(run.take(engine::TimerFired{id}, limits));
  }
  CHECK(run.error() == "timeout @");
}

TEST_CASE("a decision makes no more values than it may") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 6) }}', steps: [ { id: it, set: \"" + long_text(3'000'000) + "\" } ] }\n");
  REQUIRE(run.take(engine::Begin{}));
  CHECK(run.snapshot.steps.find("all")->begun == 3);
  go_on(run, {});
  CHECK(run.status() == "succeeded");
}

TEST_CASE("an execution keeps only so much of what its steps make") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 100) }}', steps: [ { id: it, set: \"" + long_text(5'000'000) + "\" } ] }\n");
  REQUIRE(run.take(engine::Begin{}));
  go_on(run, {});
  CHECK(run.error() == "response_too_large @all[13].it");
  CHECK(run.snapshot.execution.error->message ==
        "with these 5000002 bytes the execution would keep more than 64 MiB of what its steps make");
  CHECK(engine::kept_bytes(run.snapshot) <= engine::kMostKept);
}

TEST_CASE("loops in loops end before their records fill the memory") {
  FlowCase run("steps:\n  - id: all\n    for-each: '${{ range(0, 10000) }}'\n    steps:\n"
               "      - { id: each, for-each: '${{ range(0, 10000) }}', steps: [ { id: it, log: x } ] }\n");
  // As if most of it were full already.
  std::size_t kept = engine::kMostKept - 200'000;
  engine::Fact fact = engine::Begin{};
  while (!run.ended()) {
    engine::DecideLimits limits;
    limits.kept = kept;
    const auto decision = engine::decide(*run.workflow, run.snapshot, fact, run.now, limits);
    REQUIRE(decision);
    kept = engine::kept_after(kept, run.snapshot, decision->change);
    domain::apply(run.snapshot, decision->change);
    if (!run.snapshot.effects.empty()) fact = engine::TimerFired{run.snapshot.effects.front().id};
  }
  CHECK(run.snapshot.execution.error->code == "response_too_large");
  CHECK(run.snapshot.steps.size() > 500);
  CHECK(run.snapshot.steps.size() < 200'000 / 128);
}

TEST_CASE("what a loop collects counts once more") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 9) }}', steps: [ { id: it, set: \"" + long_text(5'000'000) + "\" } ] }\n");
  REQUIRE(run.take(engine::Begin{}));
  go_on(run, {});
  CHECK(run.error() == "response_too_large @all");
}

TEST_CASE("inputs of calls that are not done count") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 100) }}', max-parallel: 100, steps: [ { id: it, uses: http/request, "
               "with: { method: POST, url: 'https://a.example', text: \"" + long_text(5'000'000) + "\" } } ] }\n");
  REQUIRE(run.take(engine::Begin{}));
  go_on(run, {});
  CHECK(run.snapshot.steps.find("all[13].it")->error->code == "response_too_large");
  CHECK(engine::kept_bytes(run.snapshot) <= engine::kMostKept);
}

TEST_CASE("the outputs of a workflow are bounded") {
  std::string outputs = "outputs:\n";
  for (int i = 0; i < 3; ++i) outputs += "  o" + std::to_string(i) + ": \"" + long_text(4'000'000) + "\"\n";
  FlowCase run("steps: [ { id: a, set: 1 } ]\n" + outputs);
  run.begin();
  CHECK(run.error() == "response_too_large @");
}

TEST_CASE("how much is kept can be counted change by change") {
  FlowCase run("steps:\n  - { id: all, for-each: '${{ range(0, 3) }}', steps: [ { id: it, uses: http/request, "
               "with: { url: 'https://a.example' } } ] }\n  - { id: c, call: other, with: { a: \"${{ 'text' }}\" } }\n");
  std::size_t kept = engine::kept_bytes(run.snapshot);
  const auto take = [&](const engine::Fact& fact) {
    const auto decision = engine::decide(*run.workflow, run.snapshot, fact, run.now);
    REQUIRE(decision);
    kept = engine::kept_after(kept, run.snapshot, decision->change);
    domain::apply(run.snapshot, decision->change);
    CHECK(kept == engine::kept_bytes(run.snapshot));
  };
  take(engine::Begin{});
  for (int i = 0; i < 3; ++i) {
    const EffectId call = run.snapshot.effects.front().id;
    take(engine::CallSucceeded{call, Json{{"body", {1, "two", nullptr}}}});
  }
  const EffectId child = run.snapshot.effects.front().id;
  take(engine::ChildEnded{child, ExecutionId("ex_2"), domain::ExecutionStatus::kSucceeded, "x", {}});
  CHECK(kept > 0);
}

TEST_CASE("long texts are cut between two characters, and say so") {
  FlowCase run("steps:\n  - { id: say, log: \"${{ join(map(range(0, 20000), i => 'ü'), '') }}\" }\n"
               "  - { id: no, fail: \"${{ join(map(range(0, 20000), i => 'ü'), '') }}\" }\n");
  run.begin();
  const std::string& message = run.snapshot.execution.error->message;
  CHECK(message.size() <= engine::kLongestText);
  CHECK(message.size() > engine::kLongestText - 8);
  CHECK(message.ends_with("ü … (cut: it has 40000 bytes)"));
  for (const auto& line : run.last.logs) CHECK(line.text.size() <= engine::kLongestText);
  CHECK(dump_json(message).find("\xEF\xBF\xBD") == std::string::npos);
}

TEST_CASE("what a receiver says is cut as well") {
  FlowCase run("steps: [ { id: a, uses: http/request, with: { url: 'https://a.example' } } ]\n");
  run.begin();
  engine::CallFailed failure = failed(engine::FailureClass::kRejected, "rejected");
  failure.effect = run.id_of("a");
  failure.worth_retrying = false;
  failure.message = std::string(1'000'000, 'x');
  REQUIRE(run.take(failure));
  CHECK(run.last.attempts.front().message.size() <= engine::kLongestText);
  CHECK(run.snapshot.execution.error->message.size() <= engine::kLongestText);
}
