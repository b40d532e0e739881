// What every store promises about events, executions and effects.
#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

using domain::ExecutionStatus;

/// An execution with every field set to something that is not its default.
domain::ExecutionChange full_change() {
  domain::ExecutionChange change = make_change(make_execution("ex_1", ExecutionStatus::kRunning));
  change.execution.seed = 0xfedcba9876543210;
  change.execution.engine_version = 7;
  change.execution.version = 3;
  change.execution.inputs = Json::parse(R"({"z":1,"a":[null,true,"\u0000ü"],"big":9007199254740993,"half":0.5})");
  change.execution.outputs = Json::parse(R"({"u":18446744073709551615,"i":-9223372036854775808})");
  change.execution.error = domain::Failure{"timeout", "took too long", "send[1]"};
  change.execution.phase = domain::Phase::kOnFailure;
  change.execution.priority = domain::Priority::kHigh;
  change.execution.active = std::chrono::seconds(7);
  change.execution.active_since = kNow + std::chrono::seconds(8);
  change.execution.group = "orders-ü@example.com";
  change.execution.group_limit = 3;
  change.execution.held = {"a", "b"};
  change.execution.depth = 2;
  change.execution.starter = "owner:uid=0";
  change.execution.retry_of = ExecutionId("ex_0");
  change.execution.idempotency_keys = {{"send", "ex_0/send"}, {"a[1].b", "x"}};
  change.execution.vars = {{"region", "eu"}, {"list", {1, nullptr}}};
  domain::Step step = make_step("zeta", domain::StepStatus::kFailed);
  step.softened = true;
  step.attempts = 2;
  step.sends = 3;
  step.deferred_since = kNow + std::chrono::seconds(1);
  step.outputs = Json::array({1, "two"});
  step.error = domain::Failure{"rejected", "no", "zeta"};
  step.sensitive = true;
  step.due_at = kNow + std::chrono::hours(9000);
  step.items = std::make_shared<const Json>(Json::parse(R"([{"id":1},"two",null])"));
  step.begun = 3;
  step.open = 2;
  step.child = ExecutionId("ex_child");
  change.steps = {step, make_step("alpha", domain::StepStatus::kRunning)};
  change.attempts = {{"zeta", 1, kNow, kNow + std::chrono::seconds(2), "rejected", "it said no"},
                     {"zeta", 2, kNow + std::chrono::seconds(3), kNow + std::chrono::seconds(4), "succeeded", ""}};
  domain::Effect call = make_effect("ex_1", "alpha");
  call.call.keyed = true;
  domain::Effect limited = make_effect("ex_1", "beta", kNow + std::chrono::hours(1));
  limited.call.rate = domain::CallRate{"shop api", 10, std::chrono::minutes(5)};
  domain::Effect child = make_effect("ex_1", "gamma", domain::EffectKind::kChild);
  child.child = {.workflow = "ship", .inputs = {{"ids", {1, 2}}}, .wait = false};
  change.effects = {call, limited, child, make_effect("ex_1", "ex_1/gamma/1", domain::EffectKind::kCancelChild)};
  return change;
}

void require_equal(const domain::Execution& a, const domain::Execution& b) {
  CHECK(a.id == b.id);
  CHECK(a.tenant == b.tenant);
  CHECK(a.workflow == b.workflow);
  CHECK(a.workflow_name == b.workflow_name);
  CHECK(a.version == b.version);
  CHECK(a.event == b.event);
  CHECK(a.trigger == b.trigger);
  CHECK(a.status == b.status);
  CHECK(a.revision == b.revision);
  CHECK(a.seed == b.seed);
  CHECK(a.engine_version == b.engine_version);
  CHECK((a.created_at == b.created_at && a.started_at == b.started_at && a.ended_at == b.ended_at));
  CHECK(a.inputs.dump() == b.inputs.dump());
  CHECK(a.outputs.dump() == b.outputs.dump());
  REQUIRE(a.error.has_value() == b.error.has_value());
  if (a.error)
    CHECK((a.error->code + a.error->message + a.error->step == b.error->code + b.error->message + b.error->step));
  CHECK(a.phase == b.phase);
  CHECK(a.priority == b.priority);
  CHECK(a.active == b.active);
  CHECK(a.active_since == b.active_since);
  CHECK(a.group == b.group);
  CHECK(a.group_limit == b.group_limit);
  CHECK(a.held == b.held);
  CHECK(a.depth == b.depth);
  REQUIRE(a.parent.has_value() == b.parent.has_value());
  if (a.parent) CHECK((a.parent->execution == b.parent->execution && a.parent->effect == b.parent->effect));
  CHECK(a.starter == b.starter);
  CHECK(a.retry_of == b.retry_of);
  CHECK(a.idempotency_keys == b.idempotency_keys);
  CHECK(a.vars.dump() == b.vars.dump());
  CHECK(a.care == b.care);
}

void require_equal(const domain::Step& a, const domain::Step& b) {
  CHECK(a.path == b.path);
  CHECK(a.kind == b.kind);
  CHECK(a.status == b.status);
  CHECK(a.softened == b.softened);
  CHECK(a.attempts == b.attempts);
  CHECK(a.sends == b.sends);
  CHECK((a.started_at == b.started_at && a.ended_at == b.ended_at && a.deferred_since == b.deferred_since));
  CHECK(a.outputs.dump() == b.outputs.dump());
  REQUIRE(a.error.has_value() == b.error.has_value());
  if (a.error)
    CHECK((a.error->code + a.error->message + a.error->step == b.error->code + b.error->message + b.error->step));
  CHECK(a.sensitive == b.sensitive);
  CHECK(a.due_at == b.due_at);
  REQUIRE((a.items == nullptr) == (b.items == nullptr));
  if (a.items) CHECK(a.items->dump() == b.items->dump());
  CHECK(a.begun == b.begun);
  CHECK(a.open == b.open);
  CHECK(a.child == b.child);
}

void require_equal(const domain::Effect& a, const domain::Effect& b) {
  CHECK(a.id == b.id);
  CHECK(a.tenant == b.tenant);
  CHECK(a.execution == b.execution);
  CHECK(a.kind == b.kind);
  CHECK(a.path == b.path);
  CHECK(a.due_at == b.due_at);
  CHECK(a.call.connector == b.call.connector);
  CHECK(a.call.action == b.call.action);
  CHECK(a.call.credential == b.call.credential);
  CHECK(a.call.inputs.dump() == b.call.inputs.dump());
  CHECK(a.call.idempotency_key == b.call.idempotency_key);
  CHECK(a.call.timeout == b.call.timeout);
  CHECK(a.call.keyed == b.call.keyed);
  REQUIRE(a.call.rate.has_value() == b.call.rate.has_value());
  if (a.call.rate) {
    CHECK(a.call.rate->key == b.call.rate->key);
    CHECK(a.call.rate->count == b.call.rate->count);
    CHECK(a.call.rate->per == b.call.rate->per);
  }
  CHECK(a.child.workflow == b.child.workflow);
  CHECK(a.child.inputs.dump() == b.child.inputs.dump());
  CHECK(a.child.wait == b.child.wait);
}

}  // namespace

TEST_CASE("a snapshot is what was accepted, to the last field", "[store]") {
  EACH_STORE;
  const auto write = accept(full_change());
  REQUIRE(is_done(under_test.with_workflow().commit(write)));
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId("ex_1"));
  REQUIRE(snapshot);
  require_equal(snapshot->execution, write.first->execution);
  CHECK(snapshot->event.id == write.event.id);
  CHECK(snapshot->event.trigger == write.event.trigger);
  CHECK(snapshot->event.received_at == write.event.received_at);
  CHECK(snapshot->payload.dump() == write.payload);
  REQUIRE(snapshot->steps.size() == 2);
  for (const domain::Step& step : write.first->steps) {
    REQUIRE(snapshot->steps.find(step.path) != nullptr);
    require_equal(*snapshot->steps.find(step.path), step);
  }
  CHECK(snapshot->steps.front().path == "zeta");
  REQUIRE(snapshot->effects.size() == 4);
  for (const domain::Effect& effect : write.first->effects) {
    REQUIRE(snapshot->effects.find(effect.id.str()) != nullptr);
    require_equal(*snapshot->effects.find(effect.id.str()), effect);
  }
  const auto attempts = under_test.reader().attempts(kTenant, ExecutionId("ex_1"));
  REQUIRE(attempts);
  REQUIRE(attempts->size() == 2);
  CHECK(attempts->front().message == "it said no");
  CHECK(attempts->back().number == 2);
}

TEST_CASE("a decision changes what it names and keeps the order in which steps began", "[store]") {
  EACH_STORE;
  REQUIRE(is_done(under_test.with_workflow().commit(accept(full_change()))));
  auto change = full_change();
  change.execution.status = ExecutionStatus::kSucceeded;
  change.execution.error.reset();
  change.steps = {make_step("alpha"), make_step("aaa")};
  change.attempts.clear();
  change.finished = {EffectId("ex_1/alpha/1"), EffectId("ex_1/never/1"), EffectId("ex_1/gamma/1"),
                     EffectId("ex_1/ex_1/gamma/1/1")};
  change.effects = {make_effect("ex_1", "aaa")};
  REQUIRE(is_done(under_test.commit(advance(change))));
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId("ex_1"));
  REQUIRE(snapshot);
  CHECK(snapshot->execution.revision == 2);
  CHECK(snapshot->execution.status == ExecutionStatus::kSucceeded);
  CHECK(!snapshot->execution.error);
  REQUIRE(snapshot->steps.size() == 3);
  CHECK(snapshot->steps[0].path == "zeta");
  CHECK(snapshot->steps[1].path == "alpha");
  CHECK(snapshot->steps[1].status == domain::StepStatus::kSucceeded);
  CHECK(snapshot->steps[2].path == "aaa");
  REQUIRE(snapshot->effects.size() == 2);
  CHECK(snapshot->effects[0].path == "aaa");
  CHECK(snapshot->effects[1].path == "beta");
}

TEST_CASE("a decision on an older revision is stale and writes nothing", "[store]") {
  EACH_STORE;
  const auto begun = make_change(make_execution("ex_1", ExecutionStatus::kRunning));
  auto late = begun;
  late.logs = {make_line("late")};
  late.effects = {make_effect("ex_1", "late")};
  REQUIRE(is_done(under_test.with_workflow().commit(accept(begun))));
  const auto results = under_test.commit_together(advance(begun), advance(late));
  CHECK(is_done(results[0]));
  CHECK(is_stale(results[1]));
  CHECK(under_test.reader().logs(kTenant, {})->empty());
  CHECK(under_test.reader().counts()->outbox == 0);
  CHECK(refused_as(under_test.commit(advance(make_change(make_execution("ex_9", ExecutionStatus::kRunning)))),
                   ErrorKind::kNotFound));
}

TEST_CASE("a key starts one execution, within a batch too", "[store]") {
  EACH_STORE;
  auto first = accept("ex_1");
  first.dedupe = store::AcceptEvent::Dedupe{"delivery-1", std::chrono::hours(1)};
  auto second = accept("ex_2");
  second.dedupe = first.dedupe;
  const auto results = under_test.with_workflow().commit_together(first, second);
  CHECK(is_done(results[0]));
  CHECK(is_duplicate_of(results[1], "ex_1"));
  CHECK(refused_as(under_test.reader().execution(kTenant, ExecutionId("ex_2")), ErrorKind::kNotFound));

  auto other_workflow = accept(make_change(make_execution("ex_3", ExecutionStatus::kSucceeded, "wf_2", "part")));
  other_workflow.dedupe = first.dedupe;
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  CHECK(is_done(under_test.commit(other_workflow)));

  auto after_the_window = accept("ex_4");
  after_the_window.dedupe = first.dedupe;
  after_the_window.event.received_at = kNow + std::chrono::hours(1);
  CHECK(is_done(under_test.commit(after_the_window)));
  second.event.received_at = kNow + std::chrono::minutes(90);
  CHECK(is_duplicate_of(under_test.commit(second), "ex_4"));
}

TEST_CASE("a key whose execution failed belongs to the next one", "[store]") {
  EACH_STORE;
  auto failed = accept("ex_1", ExecutionStatus::kFailed);
  failed.dedupe = store::AcceptEvent::Dedupe{"delivery-1", std::chrono::hours(1)};
  auto next = accept("ex_2", ExecutionStatus::kRunning);
  next.dedupe = failed.dedupe;
  auto third = accept("ex_3");
  third.dedupe = failed.dedupe;
  const auto results = under_test.with_workflow().commit_together(failed, next, third);
  CHECK(is_done(results[1]));
  CHECK(is_duplicate_of(results[2], "ex_2"));
}

TEST_CASE("an event of a disabled workflow is kept and starts nothing", "[store]") {
  EACH_STORE;
  store::AcceptEvent kept;
  kept.tenant = kTenant;
  kept.event = make_event("ev_1");
  kept.dedupe = store::AcceptEvent::Dedupe{"delivery-1", std::chrono::hours(1)};
  REQUIRE(is_done(under_test.with_workflow().commit(kept)));
  CHECK(under_test.reader().counts()->executions == 0);
  auto again = accept("ex_1");
  again.dedupe = kept.dedupe;
  CHECK(is_done(under_test.commit(again)));
}

TEST_CASE("a tick starts one execution and moves its schedule on", "[store]") {
  EACH_STORE;
  REQUIRE(
      under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v1", {make_schedule("sc_1", "* * * * *")})})));
  auto tick = accept("ex_1");
  tick.tick = store::AcceptEvent::Tick{ScheduleId("sc_1"), kNow, kNow + std::chrono::minutes(1)};
  auto twin = accept("ex_2");
  twin.tick = tick.tick;
  const auto results = under_test.commit_together(tick, twin);
  CHECK(is_done(results[0]));
  CHECK(is_stale(results[1]));
  CHECK(under_test.reader().counts()->executions == 1);
  CHECK(under_test.reader().schedules_by_due(10)->front().next_due == kNow + std::chrono::minutes(1));

  CHECK(is_stale(under_test.commit(store::SkipTick{kTenant, ScheduleId("sc_1"), kNow, std::nullopt})));
  CHECK(is_done(
      under_test.commit(store::SkipTick{kTenant, ScheduleId("sc_1"), kNow + std::chrono::minutes(1), std::nullopt})));
  CHECK(under_test.reader().schedules_by_due(10)->empty());
}

TEST_CASE("an execution identifier is used once, and the neighbours of a refused write stand", "[store]") {
  EACH_STORE;
  auto one = accept("ex_1");
  one.first->logs = {make_line("one")};
  auto twin = accept("ex_1");
  twin.first->logs = {make_line("twin"), make_line("twin")};
  auto two = accept("ex_2");
  two.first->logs = {make_line("two")};
  auto orphan = accept(make_change(make_execution("ex_3", ExecutionStatus::kSucceeded, "wf_none")));
  const auto results = under_test.with_workflow().commit_together(one, twin, orphan, two);
  CHECK(is_done(results[0]));
  CHECK(refused_as(results[1], ErrorKind::kConflict));
  CHECK(refused_as(results[2], ErrorKind::kNotFound));
  CHECK(is_done(results[3]));
  const auto lines = under_test.reader().logs(kTenant, {});
  REQUIRE(lines);
  REQUIRE(lines->size() == 2);
  CHECK(lines->at(0).sequence == 1);
  CHECK(lines->at(1).sequence == 2);
  CHECK(lines->at(1).text == "two");
}

TEST_CASE("an event as deep as a body may be is read back", "[store]") {
  EACH_STORE;
  auto write = accept("ex_1");
  write.payload = "{\"body\":" + std::string(128, '[') + std::string(128, ']') + "}";
  REQUIRE(is_done(under_test.with_workflow().commit(write)));
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId("ex_1"));
  REQUIRE(snapshot);
  CHECK(dump_json(snapshot->payload) == write.payload);
}

TEST_CASE("effects are leased when they are due, oldest first, and only once", "[store]") {
  EACH_STORE;
  auto change = make_change(make_execution("ex_1", ExecutionStatus::kWaiting));
  change.effects = {make_effect("ex_1", "b", kNow + std::chrono::seconds(2)), make_effect("ex_1", "a", kNow),
                    make_effect("ex_1", "c", kNow + std::chrono::hours(1))};
  REQUIRE(is_done(under_test.with_workflow().commit(accept(change))));
  CHECK(*under_test.reader().next_effect_due() == kNow);
  const auto one = under_test.commit(store::LeaseEffects{kNow + std::chrono::minutes(1), 1, 7});
  REQUIRE(one);
  REQUIRE(one->leased.size() == 1);
  require_equal(one->leased[0].effect, change.effects[1]);
  CHECK(!one->leased[0].orphaned);
  const auto rest = under_test.commit(store::LeaseEffects{kNow + std::chrono::minutes(1), 10, 7});
  REQUIRE(rest->leased.size() == 1);
  CHECK(rest->leased[0].effect.path == "b");
  CHECK(*under_test.reader().next_effect_due() == kNow + std::chrono::hours(1));
}

TEST_CASE("who is not sure of a lease takes it again, and nobody else's", "[store]") {
  EACH_STORE;
  auto sent = accept("ex_1", ExecutionStatus::kWaiting);
  sent.first->effects = {make_effect("ex_1", "sent")};
  sent.lease = 1;
  auto due = accept("ex_2", ExecutionStatus::kWaiting);
  due.first->effects = {make_effect("ex_2", "due")};
  under_test.with_workflow();
  for (const auto& result : under_test.commit_together(sent, due)) REQUIRE(is_done(result));
  const auto lease = [&](domain::BootId owner, bool again) {
    return under_test.commit(store::LeaseEffects{kNow, 10, owner, again})->leased;
  };
  REQUIRE(lease(2, false).size() == 1);
  CHECK(lease(2, false).empty());
  CHECK(lease(3, true).empty());
  const auto taken = lease(2, true);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].effect.path == "due");
  CHECK(!taken[0].orphaned);
}

TEST_CASE("an effect of a dead boot comes back at once, marked as orphaned", "[store]") {
  EACH_STORE;
  auto leased = accept("ex_1", ExecutionStatus::kWaiting);
  leased.first->effects = {make_effect("ex_1", "send")};
  leased.lease = 1;
  auto running = make_change(make_execution("ex_2", ExecutionStatus::kRunning));
  auto next = running;
  next.effects = {make_effect("ex_2", "now", kNow), make_effect("ex_2", "later", kNow + std::chrono::seconds(1))};
  auto advanced = advance(next);
  advanced.lease = 2;
  under_test.with_workflow();
  for (const auto& result : under_test.commit_together(leased, accept(running), advanced)) REQUIRE(is_done(result));

  CHECK(*under_test.reader().next_effect_due() == kNow + std::chrono::seconds(1));
  CHECK(*under_test.store().release_orphans(2) == 1);
  CHECK(*under_test.store().release_orphans(2) == 0);
  const auto outcome = under_test.commit(store::LeaseEffects{kNow - std::chrono::hours(24), 10, 2});
  REQUIRE(outcome->leased.size() == 1);
  CHECK(outcome->leased[0].orphaned);
  CHECK(outcome->leased[0].effect.execution.str() == "ex_1");
  CHECK(outcome->leased[0].effect.call.idempotency_key == "key-ex_1");
}

TEST_CASE("executions are listed newest first, by workflow, by status and page by page", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "part")})));
  const ExecutionStatus statuses[] = {ExecutionStatus::kSucceeded, ExecutionStatus::kFailed, ExecutionStatus::kWaiting,
                                      ExecutionStatus::kCancelled, ExecutionStatus::kSucceeded};
  for (int i = 0; i < 5; ++i) {
    auto change = make_change(make_execution("ex_" + std::to_string(i), statuses[i]));
    change.execution.outputs = "not listed";
    REQUIRE(is_done(under_test.commit(accept(change))));
  }
  REQUIRE(is_done(
      under_test.commit(accept(make_change(make_execution("ex_5", ExecutionStatus::kFailed, "wf_2", "part"))))));

  const auto ids = [&](store::ExecutionFilter filter) {
    std::string text;
    const auto found = under_test.reader().executions(kTenant, filter);
    REQUIRE(found);
    for (const auto& execution : *found) text += execution.id.str().back();
    return text;
  };
  CHECK(ids({}) == "543210");
  CHECK(ids({.limit = 2}) == "54");
  CHECK(ids({.before = ExecutionId("ex_4"), .limit = 2}) == "32");
  CHECK(ids({.workflow = "greet", .limit = 2}) == "43");
  CHECK(ids({.workflow = "greet", .before = ExecutionId("ex_3")}) == "210");
  CHECK(ids({.workflow = "nobody"}).empty());
  CHECK(ids({.status = ExecutionStatus::kFailed}) == "51");
  CHECK(ids({.workflow = "greet", .status = ExecutionStatus::kFailed}) == "1");
  CHECK(ids({.status = ExecutionStatus::kWaiting}) == "2");
  CHECK(ids({.status = ExecutionStatus::kCancelled}) == "3");
  CHECK(ids({.status = ExecutionStatus::kSucceeded}) == "40");
  CHECK(under_test.reader().executions(kTenant, {})->back().outputs.is_null());
  CHECK(under_test.reader().executions(kTenant, {})->front().error->message == "it said no");

  const auto counts = under_test.reader().counts();
  CHECK(counts->executions == 6);
  CHECK(counts->live_executions == 1);
  CHECK(counts->workflows == 2);
}

TEST_CASE("the log is numbered without a gap and read by cursor, level, time, execution and workflow", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  auto one = accept("ex_1");
  one.first->logs = {make_line("a", domain::LogLevel::kDebug), make_line("b"),
                     make_line("c", domain::LogLevel::kError)};
  auto two = accept("ex_2");
  two.first->logs = {make_line("d", domain::LogLevel::kWarn, kNow + std::chrono::minutes(5)), make_line("")};
  for (const auto& result : under_test.commit_together(one, two)) REQUIRE(is_done(result));

  const auto text = [&](store::LogFilter filter) {
    std::string all;
    const auto found = under_test.reader().logs(kTenant, filter);
    REQUIRE(found);
    for (const auto& line : *found) all += std::to_string(line.sequence) + line.text;
    return all;
  };
  CHECK(text({}) == "1a2b3c4d5");
  CHECK(text({.after = 2, .limit = 2}) == "3c4d");
  CHECK(text({.limit = 2, .newest = true}) == "4d5");
  CHECK(text({.level = domain::LogLevel::kWarn}) == "3c4d");
  CHECK(text({.since = kNow + std::chrono::minutes(1)}) == "4d");
  CHECK(text({.execution = ExecutionId("ex_2")}) == "4d5");
  CHECK(text({.workflow = "greet", .after = 4}) == "5");
  CHECK(text({.workflow = "nobody"}).empty());
  const auto line = under_test.reader().logs(kTenant, {})->front();
  CHECK(line.workflow_name == "greet");
  CHECK(line.workflow.str() == "wf_1");
  CHECK(line.execution.str() == "ex_1");
  CHECK(line.path == "send");
  CHECK(refused_as(under_test.reader().logs(kTenant, {.execution = ExecutionId("ex_9")}), ErrorKind::kNotFound));
}

TEST_CASE("what another tenant owns is not found", "[store]") {
  EACH_STORE;
  auto write = accept("ex_1", ExecutionStatus::kRunning);
  write.first->logs = {make_line("mine")};
  REQUIRE(is_done(under_test.with_workflow().commit(write)));
  auto& reader = under_test.reader();
  CHECK(refused_as(reader.execution(kOtherTenant, ExecutionId("ex_1")), ErrorKind::kNotFound));
  CHECK(refused_as(reader.attempts(kOtherTenant, ExecutionId("ex_1")), ErrorKind::kNotFound));
  CHECK(refused_as(reader.workflow(kOtherTenant, "greet"), ErrorKind::kNotFound));
  CHECK(refused_as(reader.workflow_version(kOtherTenant, WorkflowId("wf_1"), 1), ErrorKind::kNotFound));
  CHECK(reader.executions(kOtherTenant, {})->empty());
  CHECK(reader.executions(kOtherTenant, {.workflow = "greet"})->empty());
  CHECK(reader.logs(kOtherTenant, {})->empty());
  CHECK(reader.workflows(kOtherTenant)->empty());
  CHECK(reader.schedules(kOtherTenant, WorkflowId("wf_1"))->empty());

  auto foreign_change = advance(*write.first);
  foreign_change.tenant = kOtherTenant;
  CHECK(refused_as(under_test.commit(foreign_change), ErrorKind::kNotFound));
  auto foreign_event = accept("ex_2");
  foreign_event.tenant = kOtherTenant;
  CHECK(refused_as(under_test.commit(foreign_event), ErrorKind::kNotFound));
}

TEST_CASE("what is alive is counted right, whatever is refused, replaced or done twice", "[store][counts]") {
  EACH_STORE;
  under_test.with_workflow();
  const auto counted = [&] {
    const auto counts = under_test.reader().counts();
    REQUIRE(counts);
    return std::pair(counts->live_executions, counts->outbox);
  };
  using Pair = std::pair<std::int64_t, std::int64_t>;
  CHECK(counted() == Pair{0, 0});
  REQUIRE(is_done(under_test.commit(accept("ex_done"))));
  CHECK(counted() == Pair{0, 0});
  auto running = accept("ex_1", ExecutionStatus::kRunning);
  running.first->effects = {make_effect("ex_1", "a"), make_effect("ex_1", "b")};
  const auto results = under_test.commit_together(running, accept_queued("ex_2"), running, accept_queued("ex_3"));
  CHECK(is_done(results[1]));
  CHECK(refused_as(results[2], ErrorKind::kConflict));
  CHECK(is_done(results[3]));
  CHECK(counted() == Pair{3, 4});

  // The same effect once more takes the place of the first; what is not there cannot be finished.
  auto change = make_change(running.first->execution);
  change.effects = {make_effect("ex_1", "a"), make_effect("ex_1", "c")};
  change.finished = {EffectId("ex_1/none/1")};
  REQUIRE(is_done(under_test.commit(advance(change))));
  CHECK(counted() == Pair{3, 5});
  CHECK(is_stale(under_test.commit(advance(change))));
  CHECK(counted() == Pair{3, 5});
  REQUIRE(under_test.commit(store::LeaseEffects{kNow, 3, 9})->leased.size() == 3);
  CHECK(counted() == Pair{3, 5});
  REQUIRE(under_test.store().release_orphans(10));
  CHECK(counted() == Pair{3, 5});
  for (int i = 0; i < 2; ++i) {
    REQUIRE(is_done(under_test.commit(store::FinishEffects{kTenant, ExecutionId("ex_1"), {EffectId("ex_1/a/1")}})));
  }
  CHECK(counted() == Pair{3, 4});

  ++change.execution.revision;
  change.execution.status = ExecutionStatus::kCancelled;
  change.execution.phase = domain::Phase::kFinally;
  change.effects = {};
  change.finished = {EffectId("ex_1/b/1"), EffectId("ex_1/c/1")};
  REQUIRE(is_done(under_test.commit(advance(change))));
  CHECK(counted() == Pair{3, 2});
  ++change.execution.revision;
  change.execution.ended_at = kNow;
  REQUIRE(is_done(under_test.commit(advance(change))));
  CHECK(counted() == Pair{2, 2});
  REQUIRE(under_test.commit(store::PurgeExecutions{.tenant = kTenant, .ended_before = kNow + Duration(1), .limit = 9})->count == 2);
  CHECK(counted() == Pair{2, 2});
}

TEST_CASE("one step is read without the others", "[store]") {
  EACH_STORE;
  REQUIRE(is_done(under_test.with_workflow().commit(accept(full_change()))));
  const auto whole = under_test.reader().execution(kTenant, ExecutionId("ex_1"));
  const auto one = under_test.reader().step(kTenant, ExecutionId("ex_1"), "zeta");
  REQUIRE(whole);
  REQUIRE(one);
  domain::Execution head = whole->execution;
  head.inputs = Json::object();
  head.outputs = nullptr;
  require_equal(one->execution, head);
  REQUIRE(one->steps.size() == 1);
  require_equal(one->steps.front(), *whole->steps.find("zeta"));
  CHECK(*one->steps.front().items == *whole->steps.find("zeta")->items);
  CHECK(one->event.id == whole->event.id);
  CHECK(one->event.received_at == whole->event.received_at);
  CHECK(one->payload.is_null());
  CHECK(one->effects.size() == 0);
  CHECK_FALSE(under_test.reader().step(kTenant, ExecutionId("ex_1"), "alpha")->steps.front().items);
  CHECK(refused_as(under_test.reader().step(kTenant, ExecutionId("ex_1"), "nothing"), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().step(kTenant, ExecutionId("ex_2"), "zeta"), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().step(kOtherTenant, ExecutionId("ex_1"), "zeta"), ErrorKind::kNotFound));
}

}  // namespace ipaas::test
