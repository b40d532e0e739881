// Steps that call a connector.
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using engine::FailureClass;

namespace {

constexpr std::string_view kTwoCalls =
    "  - { id: get, uses: http/request, with: { url: 'https://a.example/${{ event.body.n }}' }, timeout: 5s }\n"
    "  - { id: tell, uses: slack/post-message, credential: ops, with: { channel: c, text: '${{ steps.get.outputs.x }}' "
    "} }\n";

}  // namespace

TEST_CASE("a call becomes an effect that names everything it needs") {
  EngineCase run(kTwoCalls, Json{{"n", 3}});
  const auto change = run.begin();
  CHECK(run.status() == "running");
  CHECK(run.status_of("get") == "running");
  REQUIRE(change.effects.size() == 1);
  const domain::Effect& effect = change.effects.front();
  CHECK(effect.id.str() == "ex_1/get/1");
  CHECK(effect.kind == domain::EffectKind::kCall);
  CHECK(effect.due_at == run.now);
  CHECK(effect.tenant == TenantId("tn_1"));
  CHECK(effect.execution == ExecutionId("ex_1"));
  CHECK(effect.call.connector == "http");
  CHECK(effect.call.action == "request");
  CHECK(effect.call.credential.empty());
  CHECK(effect.call.inputs == Json{{"url", "https://a.example/3"}});
  CHECK(effect.call.idempotency_key == "ex_1/get");
  CHECK(effect.call.timeout == 5s);
}

TEST_CASE("an answer is the step's outputs, and the next step begins in the same decision") {
  EngineCase run(kTwoCalls, Json{{"n", 3}});
  run.begin();
  run.now += 40ms;
  const auto change = run.answer({{"x", "hello"}});
  CHECK(run.status_of("get") == "succeeded");
  CHECK(run.step("get").attempts == 1);
  CHECK(run.step("get").outputs["x"] == "hello");
  CHECK(run.call().id.str() == "ex_1/tell/1");
  CHECK(run.call().call.inputs["text"] == "hello");
  CHECK(run.call().call.credential == "ops");
  REQUIRE(change.finished.size() == 1);
  CHECK(change.finished.front().str() == "ex_1/get/1");
  REQUIRE(change.attempts.size() == 1);
  CHECK(change.attempts.front().outcome == "succeeded");
  CHECK(change.attempts.front().ended_at == run.now);
  CHECK(change.logs.front().text == "http/request succeeded in 40ms");

  run.answer(nullptr);
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.effects.empty());
}

TEST_CASE("every attempt sends the same bytes under the same key") {
  EngineCase run(kTwoCalls, Json{{"n", 3}});
  run.begin();
  const domain::CallRequest first = run.call().call;
  run.now += 1s;
  run.refuse(failed(FailureClass::kNotSent, "connect_failed"));
  CHECK(run.call().id.str() == "ex_1/get/2");
  CHECK(run.call().call.inputs == first.inputs);
  CHECK(run.call().call.idempotency_key == first.idempotency_key);
  CHECK(run.call().call.timeout == first.timeout);
}

TEST_CASE("between two tries the step waits and shows why") {
  EngineCase run(kTwoCalls, Json{{"n", 3}});
  run.begin();
  const auto change = run.refuse(failed(FailureClass::kNotSent, "connect_failed"));
  CHECK(run.status() == "running");
  CHECK(run.status_of("get") == "waiting");
  CHECK(run.step("get").error->code == "connect_failed");
  CHECK(run.step("get").attempts == 1);
  CHECK(run.step("get").sends == 2);
  CHECK(change.logs.front().level == domain::LogLevel::kWarn);
  run.answer({{"x", 1}});
  CHECK_FALSE(run.step("get").error);
  CHECK(run.step("get").attempts == 2);
}

TEST_CASE("a call that failed for good fails the execution, or is softened") {
  const std::string softened = GENERATE("", ", continue-on-error: true");
  EngineCase run("  - { id: get, uses: http/request, with: { url: 'https://a.example' }" + softened +
                 " }\n  - { id: next, set: '${{ steps.get.error.code }}' }\n");
  run.begin();
  auto refusal = failed(FailureClass::kRejected, "rejected");
  refusal.worth_retrying = false;
  run.refuse(refusal);
  CHECK(run.status_of("get") == "failed");
  CHECK(run.snapshot.effects.empty());
  if (softened.empty()) {
    CHECK(run.status() == "failed");
    CHECK(run.error_code() == "rejected");
    CHECK(run.status_of("next") == "skipped");
  } else {
    CHECK(run.status() == "succeeded");
    CHECK(run.step("next").outputs == "rejected");
  }
}

TEST_CASE("an answer that is nested too deeply is not taken") {
  EngineCase run(kTwoCalls, Json{{"n", 3}});
  run.begin();
  Json deep = 1;
  for (int i = 0; i < 129; ++i) deep = Json::array({std::move(deep)});
  run.answer(std::move(deep));
  CHECK(run.status() == "failed");
  CHECK(run.error_code() == "expression_failed");
}
