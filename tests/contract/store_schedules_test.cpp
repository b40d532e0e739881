// What every store promises about schedules: an instant fires once, whoever fires it.
#include "tests/contract/store_suite.h"

using namespace std::chrono_literals;

namespace ipaas::test {
namespace {

/// An hourly schedule sc_1 of wf_1 that stands at kNow.
class ScheduleCase {
 public:
  explicit ScheduleCase(StoreUnderTest& under_test) : under_test_(under_test) {
    REQUIRE(under_test_.commit(save_workflows({make_workflow("wf_1", "greet", "v1", {make_schedule("sc_1", "0 * * * *")})})));
  }

  /// Fires the instant that is so many hours after kNow, while the schedule is believed to stand at `due`.
  Result<store::Outcome> fire(int due, int instant, bool by_hand = false) {
    store::AcceptEvent write;
    write.tenant = kTenant;
    write.event = make_event("ev_" + std::to_string(++events_));
    write.tick = store::AcceptEvent::Tick{.schedule = ScheduleId("sc_1"),
                                          .due = kNow + due * 1h,
                                          .next = kNow + (instant + 1) * 1h,
                                          .next_fires = kNow + (instant + 1) * 1h + 1min,
                                          .fired = kNow + instant * 1h,
                                          .lag = 5s,
                                          .by_hand = by_hand};
    return under_test_.commit(std::move(write));
  }
  Result<store::Outcome> fire(int instant) { return fire(instant, instant); }
  Result<store::Outcome> by_hand(int instant) { return fire(instant, instant, true); }

  Result<store::Outcome> pause(bool paused, int next = 0) {
    return under_test_.commit(
        store::PauseSchedules{kTenant, paused, {make_schedule("sc_1", "", kNow + next * 1h)}, kNow + 1s, {}});
  }
  [[nodiscard]] domain::Schedule now() { return under_test_.reader().schedules(kTenant, WorkflowId("wf_1")).value().at(0); }
  /// In hours after kNow, as `0-3 5-6`.
  [[nodiscard]] std::string spans(int from = -100, int to = 100) {
    std::string text;
    const auto found = under_test_.reader().fired(kTenant, ScheduleId("sc_1"), kNow + from * 1h, kNow + to * 1h);
    for (const domain::FiredSpan& span : *found) {
      text += (text.empty() ? "" : " ") + std::to_string((span.since - kNow) / 1h) + "-" +
              std::to_string((span.until - kNow) / 1h);
    }
    return text;
  }

 private:
  StoreUnderTest& under_test_;
  int events_ = 0;
};

}  // namespace

TEST_CASE("a tick fires once, and moves its schedule on", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  CHECK(is_done(with.fire(0)));
  CHECK(with.now().next_due == kNow + 1h);
  CHECK(with.now().fires_at == kNow + 1h + 1min);
  CHECK(with.now().last_due == kNow);
  CHECK(with.now().last_lag == 5s);
  CHECK(is_stale(with.fire(0)));
  CHECK(is_done(with.fire(1, 3)));
  CHECK(is_stale(with.fire(2)));
  CHECK(is_done(with.fire(4)));
  CHECK(with.spans() == "0-1 3-5");
  CHECK(with.spans(1, 3).empty());
  CHECK(with.spans(4, 5) == "3-5");
  CHECK(under_test.reader().fired(kOtherTenant, ScheduleId("sc_1"), kNow - 1h, kNow + 9h)->empty());
}

TEST_CASE("of ticks in one batch each stands where the one before it moved to", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  const auto tick = [&](int hour) {
    store::AcceptEvent write;
    write.tenant = kTenant;
    write.event = make_event("ev_batch" + std::to_string(hour));
    write.tick = store::AcceptEvent::Tick{ScheduleId("sc_1"), kNow + hour * 1h, kNow + (hour + 1) * 1h};
    return write;
  };
  const auto results = under_test.commit_together(tick(0), tick(1), tick(1), tick(2));
  CHECK(is_done(results[0]));
  CHECK(is_done(results[1]));
  CHECK(is_stale(results[2]));
  CHECK(is_done(results[3]));
  CHECK(with.spans() == "0-3");
  CHECK(with.now().fires_at == kNow + 3h);
}

TEST_CASE("what is fired by hand fires once, too, and leaves the schedule where it stands", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  REQUIRE(is_done(with.fire(0, 2)));
  CHECK(is_done(with.by_hand(0)));
  CHECK(is_stale(with.by_hand(0)));
  CHECK(is_stale(with.by_hand(2)));
  CHECK(with.spans() == "0-1 2-3");
  CHECK(is_done(with.by_hand(1)));
  CHECK(with.spans() == "0-3");
  CHECK(with.now().next_due == kNow + 3h);
  CHECK(with.now().last_due == kNow + 2h);
  // In front of the schedule: it moves past it, and fires nothing.
  CHECK(is_done(with.by_hand(3)));
  CHECK(is_stale(with.fire(3)));
  CHECK(with.now().next_due == kNow + 4h);
  CHECK(is_done(with.fire(4)));
  auto foreign = store::AcceptEvent{};
  foreign.tenant = kOtherTenant;
  foreign.event = make_event("ev_foreign");
  foreign.tick = store::AcceptEvent::Tick{.schedule = ScheduleId("sc_1"), .due = kNow + 9h, .next = {}, .by_hand = true};
  CHECK(is_stale(under_test.commit(foreign)));
}

TEST_CASE("a schedule that rests fires only by hand, and resumes where it is told, past what has fired", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  REQUIRE(is_done(with.fire(0)));
  REQUIRE(with.pause(true));
  CHECK(with.now().paused_at == kNow + 1s);
  CHECK(under_test.reader().schedules_by_due(10)->empty());
  CHECK(is_stale(with.fire(1)));
  CHECK(is_stale(under_test.commit(store::SkipTick{kTenant, ScheduleId("sc_1"), kNow + 1h, kNow + 2h})));
  CHECK(is_done(with.by_hand(1)));
  CHECK(is_done(with.by_hand(5)));
  // Again: nothing changes.
  REQUIRE(with.pause(true));
  CHECK(with.now().next_due == kNow + 1h);
  REQUIRE(with.pause(false, 5));
  CHECK_FALSE(with.now().paused_at);
  CHECK(with.now().next_due == kNow + 6h);
  CHECK(under_test.reader().schedules_by_due(10)->size() == 1);
  REQUIRE(with.pause(false, 9));
  CHECK(with.now().next_due == kNow + 6h);
  CHECK(under_test.commit(store::PauseSchedules{kOtherTenant, true, {make_schedule("sc_1", "")}, kNow, {}}));
  CHECK_FALSE(with.now().paused_at);
}

TEST_CASE("a disabled workflow's schedule cannot fire, and enabling does not go back behind what fired", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  REQUIRE(is_done(with.fire(0)));
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "greet", false, {}, kNow, {}}));
  CHECK_FALSE(with.now().enabled);
  CHECK(is_stale(with.fire(1)));
  REQUIRE(under_test.commit(
      store::SetWorkflowEnabled{kTenant, "greet", true, {make_schedule("sc_1", "", kNow)}, kNow, {}}));
  CHECK(with.now().next_due == kNow + 1h);
  CHECK(is_done(with.fire(1)));
}

TEST_CASE("a new version keeps where a schedule stands and what it fired, and may give it another jitter", "[store]") {
  EACH_STORE;
  ScheduleCase with(under_test);
  REQUIRE(is_done(with.fire(0)));
  auto again = make_schedule("sc_9", "0 * * * *", kNow + 1h);
  again.fires_at = kNow + 1h + 20min;
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v2", {again})})));
  CHECK(with.now().id.str() == "sc_1");
  CHECK(with.now().fires_at == kNow + 1h + 20min);
  CHECK(with.now().version == 2);
  again.next_due = kNow + 7h;
  again.fires_at = kNow + 8h;
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v3", {again})})));
  CHECK(with.now().next_due == kNow + 1h);
  CHECK(with.now().fires_at == kNow + 1h + 20min);
  CHECK(with.spans() == "0-1");
  // Gone with its rule.
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v4", {make_schedule("sc_2", "5 * * * *")})})));
  CHECK(with.spans().empty());
}

TEST_CASE("all schedules of a tenant are told with their workflow, by its name", "[store]") {
  EACH_STORE;
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "zebra", "v1", {make_schedule("sc_1", "0 7 * * *")}),
                                            make_workflow("wf_1", "ant", "v1", {make_schedule("sc_2", "0 8 * * *")})})));
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_3", "bee", "v1", {make_schedule("sc_3", "0 8 * * *")})}, kOtherTenant)));
  const auto all = under_test.reader().all_schedules(kTenant);
  REQUIRE(all->size() == 2);
  CHECK(all->at(0).workflow_name == "ant");
  CHECK(all->at(0).workflow.str() == "wf_1");
  CHECK(all->at(0).enabled);
  CHECK(all->at(1).workflow_name == "zebra");
  CHECK_FALSE(all->at(1).last_due);
  REQUIRE(under_test.commit(store::DeleteWorkflow{kTenant, "ant", {}}));
  CHECK(under_test.reader().all_schedules(kTenant)->size() == 1);
}

}  // namespace ipaas::test
