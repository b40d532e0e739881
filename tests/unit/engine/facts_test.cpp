// Which fact matters when: one table over all pairs, cancelling, and defects of ours.
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::test;
using engine::FailureClass;

namespace {

constexpr std::string_view kCall = "  - { id: get, uses: http/request, with: { url: 'https://a.example' } }\n";

/// An execution in every status it can be in, reached by facts.
EngineCase in_status(const std::string& status) {
  EngineCase run(kCall);
  if (status == "queued") {
    domain::Effect start;
    start.id = EffectId("ex_1/start");
    start.kind = domain::EffectKind::kStart;
    run.snapshot.effects.push_back(start);
    return run;
  }
  run.begin();
  if (status == "succeeded") run.answer(1);
  if (status == "cancelled") run.take(engine::Cancel{"uid:0"});
  if (status == "failed") run.take(engine::Broke{"a defect"});
  REQUIRE(run.status() == status);
  return run;
}

engine::Fact fact_named(const std::string& name) {
  engine::CallFailed failure = failed(FailureClass::kUnknown);
  failure.effect = EffectId("ex_1/get/1");
  if (name == "begin") return engine::Begin{};
  if (name == "answer") return engine::CallSucceeded{EffectId("ex_1/get/1"), 1};
  if (name == "failure") return failure;
  if (name == "stray answer") return engine::CallSucceeded{EffectId("ex_1/get/7"), 1};
  if (name == "answer of the start") return engine::CallSucceeded{EffectId("ex_1/start"), 1};
  if (name == "cancel") return engine::Cancel{"uid:0"};
  return engine::Broke{"a defect"};
}

}  // namespace

TEST_CASE("every status and every fact") {
  // What the execution is afterwards; nothing where the fact does not matter.
  const auto [status, fact, after] = GENERATE(table<std::string, std::string, std::string>({
      {"queued", "begin", "running"},
      {"queued", "answer", ""},
      {"queued", "failure", ""},
      {"queued", "stray answer", ""},
      {"queued", "cancel", "cancelled"},
      {"queued", "broke", "failed"},
      {"queued", "answer of the start", ""},
      {"running", "begin", ""},
      {"running", "answer", "succeeded"},
      {"running", "failure", "failed"},
      {"running", "stray answer", ""},
      {"running", "cancel", "cancelled"},
      {"running", "broke", "failed"},
      {"succeeded", "begin", ""},
      {"succeeded", "answer", ""},
      {"succeeded", "failure", ""},
      {"succeeded", "stray answer", ""},
      {"succeeded", "cancel", ""},
      {"succeeded", "broke", ""},
      {"failed", "begin", ""},
      {"failed", "answer", ""},
      {"failed", "failure", ""},
      {"failed", "stray answer", ""},
      {"failed", "cancel", ""},
      {"failed", "broke", ""},
      {"cancelled", "begin", ""},
      {"cancelled", "answer", ""},
      {"cancelled", "failure", ""},
      {"cancelled", "stray answer", ""},
      {"cancelled", "cancel", ""},
      {"cancelled", "broke", ""},
  }));
  INFO(status << " and " << fact);
  const EngineCase run = in_status(status);
  const auto decision = run.decide(fact_named(fact));
  CHECK((decision ? std::string(status_name(decision->change.execution.status)) : "") == after);
  if (!decision) return;
  CHECK(decision->change.execution.revision == run.snapshot.execution.revision + 1);
  CHECK(domain::is_final(decision->change.execution.status) == decision->change.execution.ended_at.has_value());

  // The same arguments give the same decision, to the byte.
  const auto again = run.decide(fact_named(fact));
  REQUIRE(again);
  CHECK(print(again->change) == print(decision->change));
}

TEST_CASE("whatever ends an execution leaves no effect and no open step behind") {
  const std::string fact = GENERATE("answer", "failure", "cancel", "broke");
  EngineCase run = in_status("running");
  run.take(fact_named(fact));
  CHECK(run.snapshot.effects.empty());
  for (const domain::Step& step : run.snapshot.steps) {
    CHECK(domain::is_final(step.status));
    CHECK(step.ended_at == run.now);
  }
}

TEST_CASE("cancelling ends an execution at once and says who did it") {
  EngineCase run = in_status("running");
  const auto change = run.take(engine::Cancel{"uid:1000"});
  CHECK(run.status_of("get") == "cancelled");
  CHECK(run.error_code() == "cancelled");
  CHECK(run.snapshot.execution.error->message == "cancelled by uid:1000");
  REQUIRE(change.finished.size() == 1);
  CHECK(change.finished.front().str() == "ex_1/get/1");
}

TEST_CASE("an execution that is cancelled before it began has run nothing") {
  EngineCase run = in_status("queued");
  const auto change = run.take(engine::Cancel{"uid:0"});
  CHECK(run.snapshot.steps.empty());
  CHECK_FALSE(run.snapshot.execution.started_at);
  CHECK(change.finished.front().str() == "ex_1/start");
}

TEST_CASE("a defect of ours fails the execution as internal") {
  EngineCase run = in_status("running");
  run.take(engine::Broke{"bad variant access"});
  CHECK(run.error_code() == "internal");
  CHECK(run.snapshot.execution.error->message == "bad variant access");
  CHECK(run.status_of("get") == "failed");
}

TEST_CASE("the start of a queued execution is done once it has begun") {
  EngineCase run = in_status("queued");
  const auto change = run.begin();
  REQUIRE(change.finished.size() == 1);
  CHECK(change.finished.front().str() == "ex_1/start");
  CHECK(run.call().id.str() == "ex_1/get/1");
}

TEST_CASE("an answer counts once") {
  EngineCase run(std::string(kCall) + "  - { id: next, uses: http/request, with: { url: 'https://b.example' } }\n");
  run.begin();
  const engine::CallSucceeded answer{run.call().id, 1};
  run.take(answer);
  CHECK_FALSE(run.decide(answer));
  CHECK(run.call().path == "next");
}
