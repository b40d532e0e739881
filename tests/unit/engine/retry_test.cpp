// The safe retry: which failure is repeated, when, and what it ends as.
#include "core/engine/retry.h"

#include <set>

#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using engine::FailureClass;
using Policy = language::RetryPolicy;

namespace {

const Instant kStart = from_millis(1'767'225'600'000);

domain::Step tried(int attempts) {
  domain::Step step;
  step.path = "get";
  step.attempts = step.sends = attempts;
  return step;
}

Policy steady() {
  Policy policy;
  policy.jitter = Policy::Jitter::kNone;
  return policy;
}

}  // namespace

TEST_CASE("every class of failure under every policy") {
  struct Row {
    FailureClass failure;
    bool worth_retrying;
    bool repeatable;
    bool on_unknown;
    int attempts;  ///< of three
    bool again;
    std::string code;
  };
  const auto row = GENERATE(values<Row>({
      // surely not sent: repeated for every action
      {FailureClass::kNotSent, true, false, false, 1, true, ""},
      {FailureClass::kNotSent, true, false, false, 2, true, ""},
      {FailureClass::kNotSent, true, false, false, 3, false, "given"},
      {FailureClass::kNotSent, false, true, true, 1, false, "given"},
      // refused: never, unless the connector says that it may change its mind
      {FailureClass::kRejected, false, true, true, 1, false, "given"},
      {FailureClass::kRejected, true, false, false, 1, true, ""},
      {FailureClass::kRejected, true, false, false, 3, false, "given"},
      // unknown: only where twice is harmless, or somebody said that it is fine
      {FailureClass::kUnknown, true, false, false, 1, false, "outcome_unknown"},
      {FailureClass::kUnknown, true, false, false, 3, false, "outcome_unknown"},
      {FailureClass::kUnknown, true, true, false, 1, true, ""},
      {FailureClass::kUnknown, true, true, false, 3, false, "given"},
      {FailureClass::kUnknown, true, false, true, 1, true, ""},
      {FailureClass::kUnknown, true, false, true, 3, false, "given"},
      // asked to wait: as often as it takes
      {FailureClass::kDeferred, true, false, false, 3, true, ""},
  }));
  Policy policy = steady();
  policy.retry_unknown = row.on_unknown;
  engine::CallFailed failure = failed(row.failure, "given");
  failure.worth_retrying = row.worth_retrying;
  failure.repeatable = row.repeatable;
  const auto verdict = engine::judge(policy, tried(row.attempts), failure, 1, kStart);
  INFO(static_cast<int>(row.failure) << " after " << row.attempts);
  CHECK(verdict.again == row.again);
  CHECK(verdict.code == row.code);
  CHECK(verdict.deferred == (row.failure == FailureClass::kDeferred));
}

TEST_CASE("an unknown outcome names what was seen") {
  const auto verdict = engine::judge(steady(), tried(1), failed(FailureClass::kUnknown, "reset"), 1, kStart);
  CHECK(verdict.message.find("it went wrong") != std::string::npos);
}

TEST_CASE("the wait follows the policy's curve up to its cap") {
  const auto [backoff, first, second, third, tenth] =
      GENERATE(table<Policy::Backoff, Duration, Duration, Duration, Duration>({
          {Policy::Backoff::kConstant, 2s, 2s, 2s, 2s},
          {Policy::Backoff::kLinear, 2s, 4s, 6s, 9s},
          {Policy::Backoff::kExponential, 2s, 4s, 8s, 9s},
      }));
  Policy policy = steady();
  policy.max_attempts = 100;
  policy.backoff = backoff;
  policy.delay = 2s;
  policy.max_delay = 9s;
  const auto wait = [&](int attempts) {
    return engine::judge(policy, tried(attempts), failed(FailureClass::kNotSent), 1, kStart).wait;
  };
  CHECK(wait(1) == first);
  CHECK(wait(2) == second);
  CHECK(wait(3) == third);
  CHECK(wait(10) == tenth);
  CHECK(wait(99) <= 9s);
}

TEST_CASE("jitter stays below the wait, spreads, and repeats itself") {
  Policy policy;
  policy.delay = 1s;
  const auto wait = [&](std::uint64_t seed, const std::string& path) {
    domain::Step step = tried(1);
    step.path = path;
    return engine::judge(policy, step, failed(FailureClass::kNotSent), seed, kStart).wait;
  };
  std::set<Duration> seen;
  Duration sum{};
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Duration once = wait(seed, "get");
    CHECK(once >= 0ms);
    CHECK(once <= 1s);
    CHECK(once == wait(seed, "get"));
    seen.insert(once);
    sum += once;
  }
  CHECK(seen.size() > 500);
  CHECK(sum / 1000 > 400ms);
  CHECK(sum / 1000 < 600ms);
  CHECK(wait(1, "get") != wait(1, "put"));
}

TEST_CASE("what is deferred waits as long as the receiver asks, up to max-defer") {
  Policy policy = steady();
  policy.max_defer = 10min;
  engine::CallFailed later = failed(FailureClass::kDeferred, "rejected");
  later.retry_after = 4min;
  domain::Step step = tried(1);
  CHECK(engine::judge(policy, step, later, 1, kStart).wait == 4min);

  step.deferred_since = kStart;
  CHECK(engine::judge(policy, step, later, 1, kStart + 6min).again);
  const auto verdict = engine::judge(policy, step, later, 1, kStart + 6min + 1ms);
  CHECK_FALSE(verdict.again);
  CHECK(verdict.code == "deferred_too_long");
  CHECK(verdict.message.find("10m") != std::string::npos);

  later.retry_after = 11min;
  CHECK(engine::judge(policy, tried(1), later, 1, kStart).code == "deferred_too_long");
}

TEST_CASE("a receiver that asks to wait no time at all is not asked again at once") {
  Policy policy = steady();
  policy.delay = 0s;
  engine::CallFailed later = failed(FailureClass::kDeferred, "rejected");
  CHECK(engine::judge(policy, tried(1), later, 1, kStart).wait == 1s);
  later.retry_after = 0s;
  CHECK(engine::judge(policy, tried(1), later, 1, kStart).wait == 1s);
}

TEST_CASE("deferred tries use no attempt and end with the first that is not deferred") {
  EngineCase run(
      "  - { id: get, uses: http/request, with: { url: 'https://a.example' },"
      " retry: { max-attempts: 2, max-defer: 1m, jitter: none } }\n");
  run.begin();
  engine::CallFailed later = failed(FailureClass::kDeferred, "rejected");
  later.retry_after = 30s;
  run.refuse(later);
  CHECK(run.step("get").attempts == 0);
  CHECK(run.step("get").deferred_since == run.now);
  CHECK(run.call().due_at == run.now + 30s);

  run.now += 30s;
  run.refuse(failed(FailureClass::kNotSent, "connect_failed"));
  CHECK(run.step("get").attempts == 1);
  CHECK_FALSE(run.step("get").deferred_since);

  run.now += 10s;
  run.refuse(later);  // a new run of deferrals, with all of max-defer before it
  run.now += 30s;
  run.refuse(later);
  run.now += 30s;
  run.refuse(later);
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "deferred_too_long");
  CHECK(run.step("get").sends == 5);
}

TEST_CASE("when the attempts are used up, the last failure is the step's") {
  EngineCase run("  - { id: get, uses: http/request, with: { url: 'https://a.example' } }\n");
  run.begin();
  for (int i = 0; i < 2; ++i) {
    const auto change = run.refuse(failed(FailureClass::kNotSent, "dns_failed"));
    CHECK(change.effects.size() == 1);
    run.now += 1min;
  }
  run.refuse(failed(FailureClass::kNotSent, "connect_failed"));
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "connect_failed");
  CHECK(run.step("get").attempts == 3);
}
