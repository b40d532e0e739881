#include "core/engine/local_runner.h"

#include <functional>

#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace std::chrono_literals;
using ipaas::test::EngineCase;
using ipaas::test::failed;

namespace {

/// Answers as the test says.
class Scripted final : public engine::Receiver {
 public:
  using Script = std::function<std::optional<engine::Answer>(const domain::Effect&, Instant)>;
  explicit Scripted(Script script) : script_(std::move(script)) {}
  std::optional<engine::Answer> answer(const domain::Effect& call, Instant now) override { return script_(call, now); }

 private:
  Script script_;
};

engine::LocalRun run(std::string_view steps, Scripted::Script script, std::vector<engine::TimedFact> facts = {},
                     engine::LocalRunLimits limits = {}) {
  const EngineCase given(steps);
  Scripted receiver(std::move(script));
  return engine::run_locally(*test::workflow_of(steps), given.snapshot, given.now, receiver, std::move(facts), limits);
}

const Instant kStart = from_millis(1'767'225'600'000);  // of an EngineCase

constexpr auto kTwoCalls =
    "  - { id: a, uses: http/request, with: { url: \"https://a.example/\" } }\n"
    "  - { id: b, uses: http/request, with: { url: \"https://b.example/?${{ steps.a.outputs.n }}\" } }\n";

}  // namespace

TEST_CASE("a run goes to its end by the engine's decisions, and tells what was sent when") {
  const auto done = run(kTwoCalls, [](const domain::Effect&, Instant) { return engine::Answer{Json{{"n", 7}}, 2s}; });
  CHECK(done.end == engine::LocalRun::End::kEnded);
  CHECK(status_name(done.snapshot.execution.status) == "succeeded");
  REQUIRE(done.sent.size() == 2);
  CHECK(done.sent[1].call.inputs["url"] == "https://b.example/?7");
  CHECK(done.sent[1].due_at == kStart + 2s);
  CHECK(done.now == kStart + 4s);
  CHECK(done.attempts.size() == 2);
  CHECK(done.logs.back().at == done.now);
}

TEST_CASE("the clock jumps to the next try, and its waits are the policy's") {
  int tries = 0;
  const auto done =
      run("  - id: a\n    uses: http/request\n    with: { url: \"https://a.example/\" }\n"
          "    retry: { max-attempts: 3, delay: 40s, backoff: constant, jitter: none }\n",
          [&](const domain::Effect&, Instant) -> std::optional<engine::Answer> {
            if (++tries < 3) return engine::Answer{failed(engine::FailureClass::kNotSent, "connect_failed")};
            return engine::Answer{Json::object()};
          });
  CHECK(status_name(done.snapshot.execution.status) == "succeeded");
  REQUIRE(done.sent.size() == 3);
  CHECK(done.sent[2].due_at == kStart + 80s);
  CHECK(done.snapshot.steps.front().attempts == 3);
  CHECK(done.attempts.front().outcome == "connect_failed");
}

TEST_CASE("a cancellation at a time ends a run whose call is still under way, and its late answer changes nothing") {
  const auto done = run(kTwoCalls,
                        [](const domain::Effect&, Instant) {
                          return engine::Answer{Json{{"n", 7}}, 10s};
                        },
                        {{kStart + 5s, engine::Cancel{"ada"}}});
  CHECK(status_name(done.snapshot.execution.status) == "cancelled");
  CHECK(done.now == kStart + 5s);
  CHECK(done.sent.size() == 1);
}

TEST_CASE("a run stops where nobody answers, and where decisions never end") {
  const auto silent = run(kTwoCalls, [](const domain::Effect&, Instant) { return std::nullopt; });
  CHECK(silent.end == engine::LocalRun::End::kUnanswered);
  CHECK(silent.sent.size() == 1);
  CHECK(status_name(silent.snapshot.execution.status) == "running");
  const auto endless = run(kTwoCalls,
                           [](const domain::Effect&, Instant) {
                             return engine::Answer{failed(engine::FailureClass::kDeferred), 0s};
                           },
                           {}, {.decisions = 5});
  CHECK(endless.end == engine::LocalRun::End::kTooLong);
  CHECK(endless.attempts.size() == 4);
}

TEST_CASE("an execution that waits for its start effect begins when it is due") {
  EngineCase given(kTwoCalls);
  domain::Effect start;
  start.id = EffectId("ex_1/start");
  start.kind = domain::EffectKind::kStart;
  start.due_at = given.now + 1s;
  given.snapshot.effects.push_back(start);
  Scripted receiver([](const domain::Effect&, Instant) { return engine::Answer{Json{{"n", 1}}}; });
  const auto done = engine::run_locally(*test::workflow_of(kTwoCalls), given.snapshot, given.now, receiver);
  CHECK(status_name(done.snapshot.execution.status) == "succeeded");
  CHECK(done.snapshot.execution.started_at == given.now + 1s);
}

TEST_CASE("the same run twice says the same, to the millisecond of its jittered waits") {
  const auto once = [] {
    return run(kTwoCalls, [](const domain::Effect& effect, Instant) {
      if (effect.path == "a") return engine::Answer{Json{{"n", 1}}};
      return engine::Answer{failed(engine::FailureClass::kNotSent, "dns_failed")};
    });
  };
  const auto first = once();
  const auto second = once();
  CHECK(status_name(first.snapshot.execution.status) == "failed");
  CHECK(first.now == second.now);
  CHECK(first.now > kStart);
}
