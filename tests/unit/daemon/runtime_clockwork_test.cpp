// Schedules and due effects, on a clock that the test turns.
#include <future>

#include "core/language/cron.h"
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

struct Fired {
  std::string cron;
  Instant due;
  std::optional<Instant> next;
};

/// A clockwork whose ticks are written down and whose writes are committed.
class ClockworkCase {
 public:
  explicit ClockworkCase(std::vector<domain::Schedule> schedules) {
    auto save = save_workflows({make_workflow("wf_1", "greet", "v1", std::move(schedules))});
    std::vector<store::Write> batch;
    batch.emplace_back(std::move(save));
    REQUIRE(store_->commit(std::move(batch)).front());
    clockwork_.start();
  }
  ~ClockworkCase() {
    clockwork_.stop();
    queue_.stop();
  }
  ClockworkCase(const ClockworkCase&) = delete;
  ClockworkCase& operator=(const ClockworkCase&) = delete;

  Fired next_fired() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kRuntimePatience, [&] { return !fired_.empty(); }))
      throw std::runtime_error("no tick");
    Fired fired = fired_.front();
    fired_.erase(fired_.begin());
    return fired;
  }
  std::size_t fired() {
    const std::lock_guard lock(mutex_);
    return fired_.size();
  }
  void pass(Duration time) {
    clock.advance(time);
    clockwork_.at(clock.now(), [] {});
  }
  /// The clockwork has gone round once more since this was called.
  void settle() {
    for (int i = 0; i < 2; ++i) {
      std::promise<void> round;
      clockwork_.at(clock.now(), [&] { round.set_value(); });
      round.get_future().wait();
    }
  }
  [[nodiscard]] std::optional<Instant> stored_due() {
    return store_->open_reader().value()->schedules(kTenant, WorkflowId("wf_1")).value().at(0).next_due;
  }

  FakeClock clock;

 private:
  void tick(const domain::Schedule& schedule, Instant due, std::optional<Instant> next) {
    // What the runtime does: the schedule moves on with the event.
    store::SkipTick moved{kTenant, schedule.id, *schedule.next_due, next};
    queue_.submit(std::move(moved), [](auto&&) {});
    const std::lock_guard lock(mutex_);
    fired_.push_back({schedule.cron, due, next});
    changed_.notify_all();
  }

  std::mutex mutex_;  ///< guards fired_
  std::condition_variable changed_;
  std::vector<Fired> fired_;
  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  daemon::ReaderPool readers_{*store_};
  daemon::CallSlots slots_{10, [] {}};
  daemon::CommitQueue queue_{*store_};
  daemon::Clockwork clockwork_{{queue_, readers_, clock, slots_, 1, [](const auto&) {},
                                [this](const domain::Schedule& schedule, Instant due, std::optional<Instant> next) {
                                  tick(schedule, due, next);
                                }}};
};

}  // namespace

TEST_CASE("a schedule fires at its instant and not before") {
  ClockworkCase with({make_schedule("sc_1", "*/5 * * * *", kNow + 5min)});
  with.settle();
  CHECK(with.fired() == 0);
  with.pass(5min - 1ms);
  with.settle();
  CHECK(with.fired() == 0);
  with.pass(1ms);
  const Fired fired = with.next_fired();
  CHECK(fired.due == kNow + 5min);
  CHECK(fired.next == kNow + 10min);
}

TEST_CASE("of the instants that were missed within a day the newest fires, once") {
  ClockworkCase with({make_schedule("sc_1", "*/5 * * * *", kNow - 3h - 55min)});
  const Fired fired = with.next_fired();
  CHECK(fired.due == kNow);
  CHECK(fired.next == kNow + 5min);
  // Until the move is committed it may be offered again; the store would refuse that as stale.
  const auto moved = [&] { return with.stored_due() == kNow + 5min; };
  for (int i = 0; i < 1000 && !moved(); ++i) with.settle();
  REQUIRE(moved());
  with.pass(1s);
  with.settle();
  CHECK(with.fired() == 0);
}

TEST_CASE("a schedule that is 10,000 minutes late catches up at once") {
  ClockworkCase with({make_schedule("sc_1", "* * * * *", kNow - 10'000min)});
  const Fired fired = with.next_fired();
  CHECK(fired.due == kNow);
  CHECK(fired.next == kNow + 1min);
}

TEST_CASE("an instant that was missed by more than a day is let go, and the schedule moves on") {
  // Due once a month, on the first at 12:00 in Berlin; the last one is two days away.
  ClockworkCase with({make_schedule("sc_1", "0 12 30 * *", kNow - 37h)});
  const auto moved = [&] { return with.stored_due() != kNow - 37h; };
  for (int i = 0; i < 1000 && !moved(); ++i) with.settle();
  CHECK(moved());
  CHECK(*with.stored_due() > kNow);
  CHECK(with.fired() == 0);
}

TEST_CASE("schedules fire apart from each other, each at its own time") {
  ClockworkCase with(
      {make_schedule("sc_1", "0 * * * *", kNow + 1h), make_schedule("sc_2", "*/30 * * * *", kNow + 30min)});
  with.pass(30min);
  CHECK(with.next_fired().cron == "*/30 * * * *");
  with.settle();
  CHECK(with.fired() == 0);
}

TEST_CASE("a schedule starts an execution, which knows when it was due") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(
      "name: tick\non: { schedule: [ { cron: \"0 1 * * *\" } ] }\n"
      "steps: [ { id: when, set: \"${{ event.scheduled_for }}\" } ]\n");
  with.advance(1h);
  const auto found = [&] { return store.open_reader().value()->executions(kTenant, {}).value(); };
  REQUIRE(with.eventually([&] { return !found().empty(); }));
  const auto snapshot = with.ended(found().front().id);
  CHECK(trigger_name(snapshot.execution.trigger) == "schedule");
  CHECK(snapshot.steps.at(0).outputs == "2026-01-01T01:00:00.000Z");
}

TEST_CASE("a tick that was fired already starts nothing") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: tick\non: { schedule: [ { cron: \"0 1 * * *\" } ] }\nsteps: [ { log: hi } ]\n");
  auto reader = with.readers.borrow().value();
  auto due = reader->schedules_by_due(10).value();
  REQUIRE(due.size() == 1);
  for (int i = 0; i < 3; ++i) with.runtime.tick(due.front(), *due.front().next_due, *due.front().next_due + 24h);
  with.queue.stop();  // commits what waits
  CHECK(reader->executions(kTenant, {})->size() == 1);
  CHECK(reader->schedules(kTenant, due.front().workflow)->at(0).next_due == *due.front().next_due + 24h);
}

TEST_CASE("tasks run when they are due, in the order of their instants") {
  FakeClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {}, [](auto&&...) {}});
  std::string order;
  std::promise<void> done;
  clockwork.at(kNow + 2s, [&] { order += "b"; });
  clockwork.at(kNow + 3s, [&] { done.set_value(); });
  clockwork.at(kNow + 1s, [&] { order += "a"; });
  clock.advance(3s);
  clockwork.start();
  REQUIRE(done.get_future().wait_for(kRuntimePatience) == std::future_status::ready);
  CHECK(order == "ab");
  clockwork.stop();
  queue.stop();
}
