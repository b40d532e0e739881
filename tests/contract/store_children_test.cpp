// What every store promises about executions that follow from others: children, retries, and what was looked after.
#include <algorithm>

#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

using domain::ExecutionStatus;
using Care = domain::Execution::Care;

const domain::Parent kParent{ExecutionId("ex_parent"), EffectId("ex_parent/ship/1")};

/// An execution that calls another one.
store::AcceptEvent calling(const std::string& id = "ex_parent") {
  auto write = accept(id, ExecutionStatus::kWaiting);
  write.first->effects = {make_effect(id, "ship", domain::EffectKind::kChild), make_effect(id, "other")};
  return write;
}

store::AcceptEvent child_of(const domain::Parent& parent, const std::string& id) {
  auto write = accept(id, ExecutionStatus::kRunning);
  write.first->execution.parent = parent;
  write.first->execution.trigger = domain::TriggerKind::kCall;
  write.first->execution.depth = 1;
  return write;
}

store::AcceptEvent retry_of(const std::string& retried, const std::string& id) {
  auto write = accept(id, ExecutionStatus::kQueued);
  write.retries = write.first->execution.retry_of = ExecutionId(retried);
  return write;
}

Care care_of(StoreUnderTest& under_test, const std::string& id) {
  return under_test.reader().execution(kTenant, ExecutionId(id))->execution.care;
}

std::string dead_letters(StoreUnderTest& under_test, store::ExecutionFilter filter = {}) {
  filter.dead_letters = true;
  std::string letters;
  const auto found = under_test.reader().executions(kTenant, filter);
  REQUIRE(found);
  for (const auto& execution : *found) letters += execution.id.str().back();
  return letters;
}

}  // namespace

TEST_CASE("an effect starts one child, and tells which", "[store][children]") {
  EACH_STORE;
  REQUIRE(is_done(under_test.with_workflow().commit(calling())));
  CHECK(refused_as(under_test.reader().child(kTenant, kParent), ErrorKind::kNotFound));
  const auto results = under_test.commit_together(child_of(kParent, "ex_c1"), child_of(kParent, "ex_c2"));
  CHECK(is_done(results[0]));
  CHECK(is_duplicate_of(results[1], "ex_c1"));
  CHECK(under_test.reader().child(kTenant, kParent)->str() == "ex_c1");
  CHECK(refused_as(under_test.reader().child(kOtherTenant, kParent), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().execution(kTenant, ExecutionId("ex_c2")), ErrorKind::kNotFound));
  const auto child = under_test.reader().execution(kTenant, ExecutionId("ex_c1"));
  REQUIRE(child->execution.parent);
  CHECK(child->execution.parent->execution == kParent.execution);
  CHECK(child->execution.parent->effect == kParent.effect);
  CHECK(child->execution.depth == 1);
}

TEST_CASE("nobody starts a child that nobody waits for any more", "[store][children]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(calling())));
  CHECK(is_stale(under_test.commit(child_of({ExecutionId("ex_none"), kParent.effect}, "ex_c1"))));
  CHECK(is_stale(under_test.commit(child_of({kParent.execution, EffectId("ex_parent/other/1")}, "ex_c2"))));
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_x", "greet")}, kOtherTenant)));
  auto foreign = child_of(kParent, "ex_c3");
  foreign.tenant = kOtherTenant;
  foreign.event.workflow = foreign.first->execution.workflow = WorkflowId("wf_x");
  CHECK(is_stale(under_test.commit(foreign)));
  REQUIRE(is_done(under_test.commit(store::FinishEffects{kTenant, kParent.execution, {kParent.effect}})));
  CHECK(is_stale(under_test.commit(child_of(kParent, "ex_c4"))));
  CHECK(under_test.reader().counts()->executions == 1);
}

TEST_CASE("a retry stands on the event of what it repeats, which is looked after from then on", "[store][retries]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept("ex_1", ExecutionStatus::kFailed))));
  const auto results = under_test.commit_together(retry_of("ex_1", "ex_2"), retry_of("ex_1", "ex_3"));
  CHECK(is_done(results[0]));
  CHECK(is_stale(results[1]));
  CHECK(care_of(under_test, "ex_1") == Care::kRetried);
  CHECK(care_of(under_test, "ex_2") == Care::kNone);
  CHECK(dead_letters(under_test).empty());
  const auto retry = under_test.reader().execution(kTenant, ExecutionId("ex_2"));
  CHECK(retry->event.id.str() == "ev_of_ex_1");
  CHECK(retry->execution.event.str() == "ev_of_ex_1");
  CHECK(retry->execution.retry_of.str() == "ex_1");
  CHECK(retry->payload == Json::parse(R"({"body":{"n":1}})"));
  CHECK(under_test.reader().executions(kTenant, {})->front().retry_of.str() == "ex_1");
  CHECK(under_test.reader().retried_as(kTenant, ExecutionId("ex_1"))->str() == "ex_2");
  CHECK(under_test.reader().retried_as(kTenant, ExecutionId("ex_2"))->empty());
  CHECK(under_test.reader().retried_as(kOtherTenant, ExecutionId("ex_1"))->empty());
}

TEST_CASE("of several that repeat one another, each is known by the one after it", "[store][retries]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept("ex_1", ExecutionStatus::kFailed))));
  auto second = retry_of("ex_1", "ex_2");
  second.first->execution.status = ExecutionStatus::kFailed;
  second.first->execution.ended_at = kNow;
  REQUIRE(is_done(under_test.commit(second)));
  REQUIRE(is_done(under_test.commit(retry_of("ex_2", "ex_3"))));
  CHECK(under_test.reader().retried_as(kTenant, ExecutionId("ex_1"))->str() == "ex_2");
  CHECK(under_test.reader().retried_as(kTenant, ExecutionId("ex_2"))->str() == "ex_3");
}

TEST_CASE("only what has ended without success is retried, and only once", "[store][retries]") {
  EACH_STORE;
  under_test.with_workflow();
  auto in_finally = accept("ex_f", ExecutionStatus::kCancelled);
  in_finally.first->execution.ended_at.reset();
  for (const auto& result : under_test.commit_together(accept("ex_r", ExecutionStatus::kRunning), accept("ex_s"),
                                                       in_finally, accept("ex_c", ExecutionStatus::kCancelled),
                                                       accept("ex_d", ExecutionStatus::kFailed))) {
    REQUIRE(is_done(result));
  }
  CHECK(is_stale(under_test.commit(retry_of("ex_r", "ex_1"))));
  CHECK(is_stale(under_test.commit(retry_of("ex_s", "ex_1"))));
  CHECK(is_stale(under_test.commit(retry_of("ex_f", "ex_1"))));
  CHECK(is_done(under_test.commit(retry_of("ex_c", "ex_1"))));
  CHECK(refused_as(under_test.commit(retry_of("ex_none", "ex_2")), ErrorKind::kNotFound));
  REQUIRE(under_test.commit(store::DiscardExecutions{kTenant, {ExecutionId("ex_d")}, {}})->count == 1);
  CHECK(is_stale(under_test.commit(retry_of("ex_d", "ex_2"))));
}

TEST_CASE("a delivery that comes again after a retry starts nothing", "[store][retries]") {
  EACH_STORE;
  under_test.with_workflow();
  auto first = accept("ex_1", ExecutionStatus::kFailed);
  first.dedupe = store::AcceptEvent::Dedupe{"delivery-1", std::chrono::hours(1)};
  REQUIRE(is_done(under_test.commit(first)));
  REQUIRE(is_done(under_test.commit(retry_of("ex_1", "ex_2"))));
  auto again = accept("ex_3");
  again.dedupe = first.dedupe;
  CHECK(is_duplicate_of(under_test.commit(again), "ex_2"));
}

TEST_CASE("an end starts each listener once, as long as it is announced", "[store][ends]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_x", "greet")}, kOtherTenant)));
  const auto started_by = [&](const std::string& ended, const std::string& id, const std::string& workflow = "wf_1",
                              ExecutionStatus status = ExecutionStatus::kSucceeded) {
    auto write = accept(make_change(make_execution(id, status, workflow)));
    write.end_of = ExecutionId(ended);
    return write;
  };
  auto announcing = accept("ex_a");
  announcing.first->effects = {make_effect("ex_a", "announce", domain::EffectKind::kAnnounce)};
  auto silent = accept("ex_s");
  silent.first->effects = {make_effect("ex_s", "report", domain::EffectKind::kReport)};
  for (const auto& result : under_test.commit_together(announcing, silent)) REQUIRE(is_done(result));

  CHECK(is_stale(under_test.commit(started_by("ex_s", "ex_1"))));
  CHECK(is_stale(under_test.commit(started_by("ex_none", "ex_1"))));
  auto foreign = started_by("ex_a", "ex_1", "wf_x");
  foreign.tenant = kOtherTenant;
  CHECK(is_stale(under_test.commit(foreign)));
  const auto both = under_test.commit_together(started_by("ex_a", "ex_1", "wf_1", ExecutionStatus::kFailed), started_by("ex_a", "ex_2"));
  CHECK(is_done(both[0]));
  CHECK(is_duplicate_of(both[1], "ex_1"));
  CHECK(is_done(under_test.commit(started_by("ex_a", "ex_3", "wf_2"))));

  // Retention takes what was started, and the announcement comes again.
  const store::PurgeExecutions purge{.tenant = kTenant, .ended_before = kNow + Duration(1), .limit = 9};
  CHECK(under_test.commit(purge)->count == 2);
  CHECK(is_duplicate_of(under_test.commit(started_by("ex_a", "ex_4")), "ex_1"));
  CHECK(is_duplicate_of(under_test.commit(started_by("ex_a", "ex_4", "wf_2")), "ex_3"));

  REQUIRE(is_done(under_test.commit(store::FinishEffects{kTenant, ExecutionId("ex_a"), {announcing.first->effects.front().id}})));
  CHECK(is_stale(under_test.commit(started_by("ex_a", "ex_4"))));
}

TEST_CASE("no sender's key stands in the way of what an end starts", "[store][ends][dedupe]") {
  EACH_STORE;
  under_test.with_workflow();
  auto announcing = accept("ex_a");
  announcing.first->effects = {make_effect("ex_a", "announce", domain::EffectKind::kAnnounce)};
  REQUIRE(is_done(under_test.commit(announcing)));
  for (const char* key : {"end:ex_a", "ex_a", "ex_a/announce"}) {
    auto sent = accept(std::string("ex_of_") + std::to_string(std::string_view(key).size()));
    sent.dedupe = store::AcceptEvent::Dedupe{key};
    REQUIRE(is_done(under_test.commit(sent)));
  }
  auto started = accept("ex_b");
  started.end_of = ExecutionId("ex_a");
  CHECK(is_done(under_test.commit(started)));
}

TEST_CASE("dead letters are failed executions that nobody has looked after", "[store][retries]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  auto late = accept("ex_e", ExecutionStatus::kFailed);
  late.first->execution.ended_at = kNow + std::chrono::hours(1);
  for (const auto& result : under_test.commit_together(
           accept("ex_a", ExecutionStatus::kFailed), accept("ex_b"), accept("ex_c", ExecutionStatus::kCancelled),
           accept(make_change(make_execution("ex_d", ExecutionStatus::kFailed, "wf_2", "part"))), late)) {
    REQUIRE(is_done(result));
  }
  CHECK(dead_letters(under_test) == "eda");
  CHECK(dead_letters(under_test, {.workflow = "part"}) == "d");
  CHECK(dead_letters(under_test, {.ended_before = kNow + std::chrono::hours(1)}) == "da");
  CHECK(dead_letters(under_test, {.before = ExecutionId("ex_d")}) == "a");

  store::DiscardExecutions discard{kTenant, {}, {}};
  for (const char* id : {"ex_a", "ex_b", "ex_c", "ex_e", "ex_none"}) discard.executions.emplace_back(id);
  auto foreign = discard;
  foreign.tenant = kOtherTenant;
  CHECK(under_test.commit(foreign)->count == 0);
  CHECK(under_test.commit(discard)->count == 2);
  CHECK(under_test.commit(discard)->count == 0);
  CHECK(dead_letters(under_test) == "d");
  CHECK(care_of(under_test, "ex_a") == Care::kDiscarded);
  CHECK(under_test.reader().executions(kTenant, {.status = ExecutionStatus::kFailed})->size() == 3);
}

TEST_CASE("crashes are counted for each execution", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept("ex_1", ExecutionStatus::kRunning))));
  REQUIRE(is_done(under_test.commit(accept("ex_2"))));
  const auto crash = [&](const TenantId& tenant, const char* id) {
    return under_test.commit(store::NoteCrash{tenant, ExecutionId(id)});
  };
  CHECK(crash(kTenant, "ex_1")->count == 1);
  CHECK(crash(kTenant, "ex_1")->count == 2);
  CHECK(is_stale(crash(kTenant, "ex_2")));
  CHECK(refused_as(crash(kTenant, "ex_9"), ErrorKind::kNotFound));
  CHECK(refused_as(crash(kOtherTenant, "ex_1"), ErrorKind::kNotFound));
}

TEST_CASE("what an execution began with is not rewritten once it has begun", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept_queued("ex_1"))));
  auto change = make_change(under_test.reader().execution(kTenant, ExecutionId("ex_1"))->execution);
  change.execution.status = ExecutionStatus::kRunning;
  change.execution.started_at = kNow;
  change.execution.vars = {{"region", "eu"}};
  change.execution.inputs = {{"city", "Berlin"}};
  REQUIRE(is_done(under_test.commit(advance(change))));
  ++change.execution.revision;
  change.execution.vars = {{"region", "us"}};
  change.execution.inputs = {{"city", "Paris"}};
  change.execution.care = Care::kDiscarded;
  REQUIRE(is_done(under_test.commit(advance(change))));
  const auto stored = under_test.reader().execution(kTenant, ExecutionId("ex_1"))->execution;
  CHECK(stored.vars == Json{{"region", "eu"}});
  CHECK(stored.inputs == Json{{"city", "Berlin"}});
  CHECK(stored.care == Care::kNone);
  CHECK(stored.revision == 3);
}

TEST_CASE("what a loop goes over stays as it was when it first came", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  auto change = make_change(make_execution("ex_1", ExecutionStatus::kRunning));
  domain::Step loop = make_step("each", domain::StepStatus::kRunning);
  loop.kind = "for-each";
  loop.items = std::make_shared<const Json>(Json::array({1, 2, 3}));
  change.steps = {loop};
  REQUIRE(is_done(under_test.commit(accept(change))));
  loop.items = GENERATE(true, false) ? nullptr : std::make_shared<const Json>(Json::array({4}));
  loop.begun = 2;
  loop.open = 1;
  change.steps = {loop};
  REQUIRE(is_done(under_test.commit(advance(change))));
  const auto stored = under_test.reader().execution(kTenant, ExecutionId("ex_1"))->steps.front();
  REQUIRE(stored.items);
  CHECK(*stored.items == Json::array({1, 2, 3}));
  CHECK(stored.begun == 2);
  CHECK(stored.open == 1);
}

TEST_CASE("masked values are kept with their execution, each once", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  auto one = accept("ex_1", ExecutionStatus::kRunning);
  one.masked = {"s3cret", "s3cret", "other"};
  auto two = accept("ex_2");
  two.masked = {"s3cret"};
  for (const auto& result : under_test.commit_together(one, two)) REQUIRE(is_done(result));
  auto next = advance(*one.first);
  next.masked = {"other", "third"};
  REQUIRE(is_done(under_test.commit(next)));
  using Values = std::vector<std::pair<TenantId, std::string>>;
  // The newest last: each where it was registered last.
  CHECK(*under_test.reader().masked_values(9) == Values{{kTenant, "other"}, {kTenant, "third"}, {kTenant, "s3cret"}});
  CHECK(*under_test.reader().masked_values(2) == Values{{kTenant, "third"}, {kTenant, "s3cret"}});
  const auto by = [&](std::vector<ExecutionId> executions, const TenantId& tenant = kTenant) {
    auto values = *under_test.reader().masked_by(tenant, executions);
    std::sort(values.begin(), values.end());
    return values;
  };
  const ExecutionId ex_1("ex_1");
  const ExecutionId ex_2("ex_2");
  CHECK(by({ex_1}) == std::vector<std::string>{"other", "s3cret", "third"});
  CHECK(by({ex_2, ExecutionId("ex_none")}) == std::vector<std::string>{"s3cret"});
  CHECK(by({ex_1, ex_2}).size() == 3);
  CHECK(by({}).empty());
  CHECK(by({ex_1}, kOtherTenant).empty());
  REQUIRE(under_test.commit(store::PurgeExecutions{.tenant = kTenant, .ended_before = kNow + Duration(1), .limit = 9})
              ->count == 1);
  CHECK(under_test.reader().masked_values(9)->size() == 3);
  CHECK(by({ex_2}).empty());
}

}  // namespace ipaas::test
