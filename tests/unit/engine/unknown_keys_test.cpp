// What an execution remembers of calls that may have happened, and does not say of sensitive ones.
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using engine::FailureClass;

namespace {

constexpr std::string_view kCall = "  - { id: pay, uses: http/request, with: { url: 'https://a.example/' } }\n";
constexpr std::string_view kKeyed =
    "  - { id: pay, uses: http/request, with: { url: 'https://a.example/' }, idempotency-key: 'order ${{ execution.id }}' }\n";

}  // namespace

TEST_CASE("the key of a call that may have happened is kept, also a written one") {
  for (const auto& [steps, key] : {std::pair{kCall, "ex_1/pay"}, std::pair{kKeyed, "order ex_1"}}) {
    EngineCase run(steps);
    run.begin();
    run.refuse(failed(FailureClass::kUnknown));
    CHECK(run.error_code() == "outcome_unknown");
    CHECK(run.snapshot.execution.idempotency_keys.at("pay") == key);
  }
}

TEST_CASE("a refusal after a try that may have happened does not make it unhappen") {
  EngineCase run(kCall);
  run.begin();
  auto unknown = failed(FailureClass::kUnknown);
  unknown.repeatable = true;
  run.refuse(unknown);
  run.now += 1min;
  run.refuse(failed(FailureClass::kNotSent, "connect_failed"));
  run.now += 1min;
  auto refused = failed(FailureClass::kRejected, "rejected");
  refused.worth_retrying = false;
  run.refuse(refused);
  CHECK(run.status() == "failed");
  CHECK(run.snapshot.execution.idempotency_keys.contains("pay"));
}

TEST_CASE("what was surely not done, or surely done, leaves no key") {
  EngineCase refused(kCall);
  refused.begin();
  auto failure = failed(FailureClass::kRejected, "rejected");
  failure.worth_retrying = false;
  refused.refuse(failure);
  CHECK(refused.snapshot.execution.idempotency_keys.empty());

  EngineCase done(kCall);
  done.snapshot.execution.idempotency_keys = {{"pay", "ex_0/pay"}};
  done.begin();
  CHECK(done.call().call.idempotency_key == "ex_0/pay");
  done.answer(nullptr);
  CHECK(done.snapshot.execution.idempotency_keys.empty());
}

TEST_CASE("a call that was out when its execution was cancelled may still happen") {
  EngineCase run(kCall);
  run.begin();
  run.take(engine::Cancel{"uid:0"});
  CHECK(run.snapshot.execution.idempotency_keys.at("pay") == "ex_1/pay");
}

TEST_CASE("what a receiver says to a sensitive step is said to nobody") {
  EngineCase run("  - { id: pay, uses: http/request, with: { url: 'https://a.example/' }, sensitive: true }\n");
  run.begin();
  auto failure = failed(FailureClass::kRejected, "rejected");
  failure.worth_retrying = false;
  failure.message = "a.example answered 400: no account 4711";
  const auto change = run.refuse(failure);
  CHECK(run.step("pay").error->message == "***REDACTED***");
  CHECK(run.snapshot.execution.error->message == "***REDACTED***");
  CHECK(change.attempts.front().message == "***REDACTED***");
  for (const auto& line : change.logs) CHECK(line.text.find("4711") == std::string::npos);
  CHECK(run.error_code() == "rejected");
}
