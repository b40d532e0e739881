// What every store promises about what it forgets.
#include <map>

#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

using domain::ExecutionStatus;

/// An execution with a bit of everything, which ended `hours` after kNow.
store::AcceptEvent ended(const std::string& id, int hours, ExecutionStatus status = ExecutionStatus::kSucceeded) {
  auto write = accept(id, status);
  domain::ExecutionChange& first = *write.first;
  first.execution.ended_at = kNow + std::chrono::hours(hours);
  first.execution.inputs = {{"in", 1}};
  first.execution.outputs = "out";
  first.execution.vars = {{"region", "eu"}};
  first.execution.starter = "owner:uid=0";
  domain::Step step = make_step("send");
  step.outputs = "given";
  step.items = std::make_shared<const Json>(Json::array({1, 2}));
  first.steps = {step};
  first.attempts = {{"send", 1, kNow, kNow, "succeeded", "fine"}};
  first.logs = {make_line("line of " + id)};
  write.masked = {"value of " + id};
  write.dedupe = store::AcceptEvent::Dedupe{"key of " + id, std::chrono::hours(1000)};
  return write;
}

std::int64_t purge(StoreUnderTest& under_test, int before_hours, std::size_t limit = 100,
                   std::optional<WorkflowId> workflow = {}, bool payloads_only = false) {
  const auto outcome = under_test.commit(store::PurgeExecutions{.tenant = kTenant,
                                                                .workflow = std::move(workflow),
                                                                .ended_before = kNow + std::chrono::hours(before_hours),
                                                                .payloads_only = payloads_only,
                                                                .limit = limit});
  REQUIRE(outcome);
  return outcome->count;
}

std::string left(StoreUnderTest& under_test) {
  std::string letters;
  const auto found = under_test.reader().executions(kTenant, {});
  REQUIRE(found);
  for (const auto& execution : *found) letters += execution.id.str().back();
  return letters;
}

std::map<ExecutionId, Instant> all_ended(StoreUnderTest& under_test) {
  std::map<ExecutionId, Instant> ended_at;
  const auto found = under_test.reader().executions(kTenant, {.limit = 1000});
  REQUIRE(found);
  for (const auto& execution : *found) ended_at[execution.id] = *execution.ended_at;
  return ended_at;
}

}  // namespace

TEST_CASE("the oldest ended go first, with all that hangs on them", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const auto& result :
       under_test.commit_together(ended("ex_a", 3), ended("ex_b", 1), ended("ex_c", 2), ended("ex_d", 9))) {
    REQUIRE(is_done(result));
  }
  CHECK(purge(under_test, 1) == 0);
  CHECK(purge(under_test, 5, 2) == 2);
  CHECK(left(under_test) == "da");
  CHECK(refused_as(under_test.reader().execution(kTenant, ExecutionId("ex_b")), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().logs(kTenant, {.execution = ExecutionId("ex_b")}), ErrorKind::kNotFound));
  const auto lines = under_test.reader().logs(kTenant, {});
  REQUIRE(lines->size() == 2);
  CHECK(lines->front().text == "line of ex_a");
  CHECK(under_test.reader().masked_values(99)->size() == 2);
  CHECK(under_test.reader().counts()->executions == 2);
  CHECK(purge(under_test, 5, 2) == 1);
  CHECK(purge(under_test, 5, 2) == 0);
  CHECK(left(under_test) == "d");

}

TEST_CASE("a key outlives the execution that it started", "[store][purge][dedupe]") {
  EACH_STORE;
  under_test.with_workflow();
  const auto again = [&](const std::string& id, const std::string& key, Instant at) {
    auto write = ended(id, 900);
    write.event.received_at = at;
    write.dedupe = store::AcceptEvent::Dedupe{key};
    return under_test.commit(write);
  };
  auto good = ended("ex_a", 1);
  auto bad = ended("ex_b", 2, ExecutionStatus::kFailed);
  auto cancelled = ended("ex_c", 3, ExecutionStatus::kCancelled);
  for (auto* write : {&good, &bad, &cancelled}) write->dedupe->window = std::chrono::hours(24);
  for (const auto& result : under_test.commit_together(good, bad, cancelled)) REQUIRE(is_done(result));
  CHECK(purge(under_test, 4) == 3);

  const Instant soon = kNow + std::chrono::hours(24) - Duration(1);
  CHECK(is_duplicate_of(again("ex_d", "key of ex_a", soon), "ex_a"));
  CHECK(is_duplicate_of(again("ex_d", "key of ex_c", soon), "ex_c"));
  CHECK(refused_as(under_test.reader().execution(kTenant, ExecutionId("ex_a")), ErrorKind::kNotFound));
  CHECK(is_done(again("ex_d", "key of ex_b", soon)));
  CHECK(is_duplicate_of(again("ex_e", "key of ex_b", soon), "ex_d"));
  CHECK(is_done(again("ex_f", "key of ex_a", kNow + std::chrono::hours(24))));
  CHECK(is_duplicate_of(again("ex_g", "key of ex_a", kNow + std::chrono::hours(25)), "ex_f"));
}

TEST_CASE("a purge leaves the key to the retry that has taken it over", "[store][purge][dedupe]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(ended("ex_a", 1, ExecutionStatus::kFailed))));
  auto retry = ended("ex_b", 9);
  retry.dedupe.reset();
  retry.retries = retry.first->execution.retry_of = ExecutionId("ex_a");
  REQUIRE(is_done(under_test.commit(retry)));
  CHECK(purge(under_test, 5) == 1);
  auto again = ended("ex_c", 9);
  again.dedupe->key = "key of ex_a";
  CHECK(is_duplicate_of(under_test.commit(again), "ex_b"));
  CHECK(purge(under_test, 10) == 1);
  CHECK(is_duplicate_of(under_test.commit(again), "ex_b"));
}

TEST_CASE("a purge forgets keys whose window has passed, also where no new ones come", "[store][purge][dedupe]") {
  EACH_STORE;
  under_test.with_workflow();
  auto short_lived = ended("ex_a", 1);
  short_lived.dedupe->window = std::chrono::hours(2);
  REQUIRE(is_done(under_test.commit(short_lived)));
  const auto purged = [&](Duration later) {
    return under_test.commit(store::PurgeExecutions{
        .tenant = kTenant, .ended_before = kNow + std::chrono::hours(99), .limit = 9, .now = kNow + later})->count;
  };
  CHECK(purged(std::chrono::hours(2) - Duration(1)) == 1);
  auto early = ended("ex_x", 9);
  early.dedupe->key = "key of ex_a";
  CHECK(is_duplicate_of(under_test.commit(early), "ex_a"));
  CHECK(purged(std::chrono::hours(2)) == 0);
  // Asked as of a time at which it still counted: it is gone all the same.
  auto again = ended("ex_b", 9);
  again.dedupe->key = "key of ex_a";
  CHECK(is_done(under_test.commit(again)));
}

TEST_CASE("what is over its size shrinks by the oldest ended executions, and only by those", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  for (int i = 0; i < 10; ++i) {
    auto write = ended("ex_" + std::to_string(i), i);
    write.payload = Json{{"body", std::string(200'000, 'x')}}.dump();
    REQUIRE(is_done(under_test.commit(write)));
  }
  REQUIRE(is_done(under_test.commit(accept("ex_r", ExecutionStatus::kRunning))));
  const std::int64_t before = under_test.reader().counts()->bytes_used;
  CHECK(purge(under_test, 100, 4) == 4);
  CHECK(left(under_test) == "r987654");
  const std::int64_t after = under_test.reader().counts()->bytes_used;
  // A store without a file has no size, and is never over it.
  CHECK((before == 0 ? after == 0 : after < before - 600'000));
  CHECK(purge(under_test, 100, 4) == 4);
  CHECK(purge(under_test, 100, 4) == 2);
  CHECK(purge(under_test, 100, 4) == 0);
  CHECK(left(under_test) == "r");
}

TEST_CASE("numbers go on after everything was purged", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const auto& result : under_test.commit_together(ended("ex_a", 1), ended("ex_b", 1))) REQUIRE(is_done(result));
  CHECK(purge(under_test, 5) == 2);
  CHECK(under_test.reader().counts()->executions == 0);
  REQUIRE(is_done(under_test.commit(ended("ex_c", 1))));
  CHECK(under_test.reader().counts()->executions == 1);
  CHECK(under_test.reader().logs(kTenant, {})->front().sequence == 3);
}

TEST_CASE("a purge keeps to its tenant and its workflow", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_x", "greet")}, kOtherTenant)));
  auto other = ended("ex_b", 2);
  other.event.workflow = other.first->execution.workflow = WorkflowId("wf_2");
  auto foreign = ended("ex_x", 1);
  foreign.tenant = kOtherTenant;
  foreign.event.workflow = foreign.first->execution.workflow = WorkflowId("wf_x");
  for (const auto& result : under_test.commit_together(ended("ex_a", 1), other, foreign, ended("ex_c", 3))) {
    REQUIRE(is_done(result));
  }
  CHECK(purge(under_test, 9, 100, WorkflowId("wf_2")) == 1);
  CHECK(left(under_test) == "ca");
  REQUIRE(under_test.commit(store::DeleteWorkflow{kTenant, "greet", {}}));
  CHECK(purge(under_test, 9, 1, WorkflowId("wf_1")) == 1);
  CHECK(left(under_test) == "c");
  CHECK(purge(under_test, 9) == 1);
  CHECK(under_test.reader().execution(kOtherTenant, ExecutionId("ex_x")));
  for (const char* id : {"wf_none", "wf_x"}) {
    CHECK(refused_as(under_test.commit(store::PurgeExecutions{
                         .tenant = kTenant, .workflow = WorkflowId(id), .ended_before = kNow, .limit = 1}),
                     ErrorKind::kNotFound));
  }
}

TEST_CASE("what is still needed is not purged", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  auto in_finally = ended("ex_f", 1, ExecutionStatus::kCancelled);
  in_finally.first->execution.ended_at.reset();
  auto telling = ended("ex_t", 1);
  telling.first->effects = {make_effect("ex_t", "announce", domain::EffectKind::kAnnounce)};
  auto parent = accept("ex_p", ExecutionStatus::kWaiting);
  parent.first->effects = {make_effect("ex_p", "ship", domain::EffectKind::kChild)};
  auto child = ended("ex_c", 1);
  child.first->execution.parent = domain::Parent{ExecutionId("ex_p"), EffectId("ex_p/ship/1")};
  for (const auto& result : under_test.commit_together(in_finally, telling, parent, child)) REQUIRE(is_done(result));
  const bool payloads_only = GENERATE(false, true);
  CHECK(purge(under_test, 9, 100, {}, payloads_only) == 0);
  CHECK(left(under_test) == "tpfc");
  REQUIRE(is_done(under_test.commit(store::FinishEffects{kTenant, ExecutionId("ex_p"), {EffectId("ex_p/ship/1")}})));
  REQUIRE(
      is_done(under_test.commit(store::FinishEffects{kTenant, ExecutionId("ex_t"), {EffectId("ex_t/announce/1")}})));
  CHECK(purge(under_test, 9, 100, {}, payloads_only) == 2);
}

TEST_CASE("an event stays as long as a retry stands on it", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(ended("ex_1", 1, ExecutionStatus::kFailed))));
  auto retry = ended("ex_2", 5, ExecutionStatus::kFailed);
  retry.dedupe.reset();
  retry.retries = ExecutionId("ex_1");
  REQUIRE(is_done(under_test.commit(retry)));
  const bool payloads_only = GENERATE(false, true);
  CHECK(purge(under_test, 3, 100, {}, payloads_only) == 1);
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId("ex_2"));
  REQUIRE(snapshot);
  CHECK(snapshot->payload == Json::parse(R"({"body":{"n":1}})"));
  CHECK(purge(under_test, 9, 100, {}, payloads_only) == 1);
  if (payloads_only) CHECK(under_test.reader().execution(kTenant, ExecutionId("ex_2"))->payload.is_null());
}

TEST_CASE("payloads are forgotten before the executions that carried them", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const auto& result :
       under_test.commit_together(ended("ex_a", 1, ExecutionStatus::kFailed), ended("ex_b", 2), ended("ex_c", 9))) {
    REQUIRE(is_done(result));
  }
  CHECK(purge(under_test, 5, 1, {}, true) == 1);
  CHECK(under_test.reader().execution(kTenant, ExecutionId("ex_b"))->execution.outputs == "out");
  CHECK(purge(under_test, 5, 100, WorkflowId("wf_1"), true) == 1);
  CHECK(purge(under_test, 5, 100, {}, true) == 0);
  const auto bare = under_test.reader().execution(kTenant, ExecutionId("ex_a"));
  REQUIRE(bare);
  CHECK(bare->payload.is_null());
  CHECK(bare->execution.inputs == Json::object());
  CHECK(bare->execution.outputs.is_null());
  CHECK(bare->execution.vars == Json::object());
  CHECK(bare->execution.starter == "owner:uid=0");
  CHECK(bare->execution.error->message == "it said no");
  REQUIRE(bare->steps.size() == 1);
  CHECK(bare->steps.front().outputs.is_null());
  CHECK(!bare->steps.front().items);
  CHECK(bare->steps.front().status == domain::StepStatus::kSucceeded);
  CHECK(under_test.reader().attempts(kTenant, ExecutionId("ex_a"))->size() == 1);
  CHECK(under_test.reader().logs(kTenant, {})->size() == 3);
  CHECK(under_test.reader().masked_values(99)->size() == 3);

  auto retry = accept("ex_d", ExecutionStatus::kQueued);
  retry.retries = ExecutionId("ex_a");
  const auto refused = under_test.commit(retry);
  REQUIRE(refused_as(refused, ErrorKind::kConflict));
  CHECK(refused.error().code == "payloads_forgotten");
  CHECK(purge(under_test, 5) == 2);
  CHECK(left(under_test) == "c");
}

TEST_CASE("purging in any slices purges the same", "[store][purge]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  std::vector<store::Write> writes;
  for (int i = 0; i < 200; ++i) {
    // In no order, with many that ended at the same time.
    auto write = ended("ex_" + std::to_string(1000 + i), (i * 37) % 11);
    if (i % 3 == 0) write.event.workflow = write.first->execution.workflow = WorkflowId("wf_2");
    writes.emplace_back(std::move(write));
  }
  for (const auto& result : under_test.store().commit(writes)) REQUIRE(is_done(result));
  REQUIRE(purge(under_test, 4, 100, {}, true) == 73);
  const std::size_t slice = static_cast<std::size_t>(GENERATE(1, 7, 64));
  std::int64_t purged = 0;
  Instant newest{};
  while (true) {
    const auto before = all_ended(under_test);
    const auto count = purge(under_test, 8, slice);
    const auto after = all_ended(under_test);
    CHECK(static_cast<std::int64_t>(before.size() - after.size()) == count);
    Instant oldest = newest;
    for (const auto& [id, ended_at] : before) {
      if (after.contains(id)) continue;
      CHECK(ended_at >= newest);
      oldest = std::max(oldest, ended_at);
    }
    newest = oldest;
    purged += count;
    if (count < static_cast<std::int64_t>(slice)) break;
  }
  std::int64_t expected = 0;
  for (int i = 0; i < 200; ++i) expected += (i * 37) % 11 < 8 ? 1 : 0;
  CHECK(purged == expected);
  CHECK(under_test.reader().counts()->executions == 200 - expected);
}

}  // namespace ipaas::test
