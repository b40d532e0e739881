// Looks at schedules, tasks and due effects, on a clock that the test turns.
#include <future>

#include "daemon/system_clock.h"
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

bool comes(std::promise<void>& promise) {
  return promise.get_future().wait_for(kRuntimePatience) == std::future_status::ready;
}

/// A clockwork over an empty store.
template <typename ClockType = FakeClock>
struct ClockworkCase {
  using Look = std::function<std::optional<Instant>(Instant)>;

  explicit ClockworkCase(Look look = [](Instant) { return std::optional<Instant>(); })
      : clockwork({queue, readers, clock, slots, 1, [](const auto&) {}, std::move(look)}) {}
  ~ClockworkCase() {
    clockwork.stop();
    queue.stop();
  }
  ClockworkCase(const ClockworkCase&) = delete;
  ClockworkCase& operator=(const ClockworkCase&) = delete;

  ClockType clock;
  std::unique_ptr<store::Store> store = store::make_memory_store();
  daemon::ReaderPool readers{*store};
  daemon::CallSlots slots{1, [] {}};
  daemon::CommitQueue queue{*store};
  daemon::Clockwork clockwork;
};

}  // namespace

TEST_CASE("schedules are looked at when they asked for it, and at once when somebody wants it") {
  std::promise<void> first;
  std::promise<void> asked;
  std::promise<void> wanted;
  ClockworkCase with([&, looks = 0](Instant now) mutable -> std::optional<Instant> {
    if (looks == 0 && ++looks == 1) first.set_value();
    if (looks == 1 && now == kNow + 5min && ++looks == 2) asked.set_value();
    if (looks == 2 && now == kNow + 7min && ++looks == 3) wanted.set_value();
    return kNow + 5min;
  });
  with.clockwork.start();
  CHECK(comes(first));
  with.clock.set(kNow + 5min);
  CHECK(comes(asked));
  with.clock.set(kNow + 7min);
  with.clockwork.look_at(kNow + 6min);
  CHECK(comes(wanted));
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
  ClockworkCase with;
  std::string order;
  std::promise<void> done;
  with.clockwork.at(kNow + 2s, [&] { order += "b"; });
  with.clockwork.at(kNow + 3s, [&] { done.set_value(); });
  with.clockwork.at(kNow + 1s, [&] { order += "a"; });
  with.clock.advance(3s);
  with.clockwork.start();
  REQUIRE(comes(done));
  CHECK(order == "ab");
}

TEST_CASE("what is due before the end of a sleep ends the sleep") {
  ClockworkCase<daemon::SystemClock> with;
  with.clockwork.start();
  // Each in turn, from outside: were each only seen when a sleep of a second is over, it would take a minute.
  const auto patience = std::chrono::steady_clock::now() + kRuntimePatience;
  for (int task = 0; task < 60; ++task) {
    std::promise<void> done;
    with.clockwork.at(with.clock.now() + 5ms, [&] { done.set_value(); });
    REQUIRE(done.get_future().wait_until(patience) == std::future_status::ready);
  }
}

TEST_CASE("a clock that is set back does not make pauses longer") {
  std::promise<void> seen;
  ClockworkCase with([&, set = false](Instant now) mutable {
    if (now < kNow && !std::exchange(set, true)) seen.set_value();
    return std::optional<Instant>();
  });
  std::promise<void> done;
  with.clockwork.at(kNow + 2s, [&] { done.set_value(); });
  with.clockwork.start();
  with.clock.set(kNow - 1h);
  REQUIRE(comes(seen));
  with.clock.advance(2s);
  REQUIRE(comes(done));
}

TEST_CASE("while it drains nobody waits for an answer, and what failed keeps its pause until the end") {
  ClockworkCase with;
  std::atomic<int> answers{0};
  std::atomic<int> tries{0};
  std::promise<void> tried;
  with.clockwork.start();
  with.clockwork.at(kNow + 30s, [&] { ++answers; });
  with.clockwork.retry_at(kNow + 1s, [&] {
    ++tries;
    with.clockwork.retry_at(kNow + 2s, [&] { ++tries; });
    tried.set_value();
  });
  with.clockwork.drain();
  CHECK(answers == 1);
  with.clockwork.at(kNow + 30s, [&] { ++answers; });
  CHECK(answers == 2);
  CHECK(tries == 0);
  with.clock.advance(1s);
  with.clockwork.retry_at(kNow, [] {});  // has it look at the clock
  REQUIRE(comes(tried));
  with.clockwork.stop();
  CHECK(tries == 1);
  with.clockwork.retry_at(kNow, [&] { ++tries; });
  with.clock.advance(1h);
  with.clockwork.stop();
  CHECK(tries == 1);
}
