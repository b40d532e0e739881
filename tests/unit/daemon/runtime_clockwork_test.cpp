// Looks at schedules, tasks and due effects, on a clock that the test turns.
#include <future>

#include "daemon/system_clock.h"
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

TEST_CASE("schedules are looked at when they asked for it, and at once when somebody wants it") {
  FakeClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  std::promise<void> first;
  std::promise<void> asked;
  std::promise<void> wanted;
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {},
                               [&, looks = 0](Instant now) mutable -> std::optional<Instant> {
                                 if (looks == 0 && ++looks == 1) first.set_value();
                                 if (looks == 1 && now == kNow + 5min && ++looks == 2) asked.set_value();
                                 if (looks == 2 && now == kNow + 7min && ++looks == 3) wanted.set_value();
                                 return kNow + 5min;
                               }});
  const auto comes = [](std::promise<void>& promise) {
    return promise.get_future().wait_for(kRuntimePatience) == std::future_status::ready;
  };
  clockwork.start();
  CHECK(comes(first));
  clock.set(kNow + 5min);
  CHECK(comes(asked));
  clock.set(kNow + 7min);
  clockwork.look_at(kNow + 6min);
  CHECK(comes(wanted));
  clockwork.stop();
  queue.stop();
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

TEST_CASE("tasks run when they are due, in the order of their instants") {
  FakeClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {},
                               [](Instant) { return std::optional<Instant>(); }});
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

TEST_CASE("what is due before the end of a sleep ends the sleep") {
  const daemon::SystemClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {},
                               [](Instant) { return std::optional<Instant>(); }});
  clockwork.start();
  // Each in turn, from outside: were each only seen when a sleep of a second is over, it would take a minute.
  const auto patience = std::chrono::steady_clock::now() + kRuntimePatience;
  for (int task = 0; task < 60; ++task) {
    std::promise<void> done;
    clockwork.at(clock.now() + 5ms, [&] { done.set_value(); });
    REQUIRE(done.get_future().wait_until(patience) == std::future_status::ready);
  }
  clockwork.stop();
  queue.stop();
}

TEST_CASE("a clock that is set back does not make pauses longer") {
  FakeClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  std::promise<void> seen;
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {},
                               [&, set = false](Instant now) mutable {
                                 if (now < kNow && !std::exchange(set, true)) seen.set_value();
                                 return std::optional<Instant>();
                               }});
  std::promise<void> done;
  clockwork.at(kNow + 2s, [&] { done.set_value(); });
  clockwork.start();
  clock.set(kNow - 1h);
  REQUIRE(seen.get_future().wait_for(kRuntimePatience) == std::future_status::ready);
  clock.advance(2s);
  REQUIRE(done.get_future().wait_for(kRuntimePatience) == std::future_status::ready);
  clockwork.stop();
  queue.stop();
}

TEST_CASE("while it drains nobody waits for an answer, and what failed keeps its pause until the end") {
  FakeClock clock;
  auto store = store::make_memory_store();
  daemon::ReaderPool readers(*store);
  daemon::CallSlots slots(1, [] {});
  daemon::CommitQueue queue(*store);
  daemon::Clockwork clockwork({queue, readers, clock, slots, 1, [](const auto&) {},
                               [](Instant) { return std::optional<Instant>(); }});
  std::atomic<int> answers{0};
  std::atomic<int> tries{0};
  std::promise<void> tried;
  clockwork.start();
  clockwork.at(kNow + 30s, [&] { ++answers; });
  clockwork.retry_at(kNow + 1s, [&] {
    ++tries;
    clockwork.retry_at(kNow + 2s, [&] { ++tries; });
    tried.set_value();
  });
  clockwork.drain();
  CHECK(answers == 1);
  clockwork.at(kNow + 30s, [&] { ++answers; });
  CHECK(answers == 2);
  CHECK(tries == 0);
  clock.advance(1s);
  clockwork.retry_at(kNow, [] {});  // has it look at the clock
  REQUIRE(tried.get_future().wait_for(kRuntimePatience) == std::future_status::ready);
  clockwork.stop();
  CHECK(tries == 1);
  clockwork.retry_at(kNow, [&] { ++tries; });
  clock.advance(1h);
  clockwork.stop();
  CHECK(tries == 1);
  queue.stop();
}
