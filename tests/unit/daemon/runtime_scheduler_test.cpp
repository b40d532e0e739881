// What fires of a schedule, on one thread, over a clock that the test turns, sets and stops.
#include "daemon/runtime/scheduler.h"

#include <random>
#include <set>

#include "core/base/time_text.h"
#include "core/language/workflow_parser.h"
#include "core/service/schedules.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

/// A daemon that does nothing but fire schedules; it keeps what it started.
class Daemon {
 public:
  explicit Daemon(ServiceCase& with) : with_(with) {}

  void look() { scheduler_.look(with_.clock.now()); }
  void changed() { scheduler_.changed(); }

  [[nodiscard]] bool knows(const domain::Schedule& schedule) const {
    return definitions_.peek(schedule.workflow, schedule.version) != nullptr;
  }

  struct Started {
    Instant at{};
    Instant instant{};
    Json inputs = {};
  };
  std::vector<Started> started;
  std::vector<Error> refusals;  ///< each takes the place of one start

 private:
  void accept(const service::Arrival& arrival, const std::function<void(Result<service::Acceptance>)>& done) {
    if (!refusals.empty()) {
      const Error error = refusals.back();
      refusals.pop_back();
      return done(tl::unexpected(error));
    }
    store::AcceptEvent write;
    write.tenant = arrival.tenant;
    write.event = make_event("ev_" + std::to_string(++count_), arrival.workflow.str());
    write.tick = arrival.tick;
    writer_.submit(write, [&](const Result<store::Outcome>& outcome) {
      if (!outcome) return done(tl::unexpected(outcome.error()));
      service::Acceptance acceptance;
      acceptance.stale = outcome->kind == store::Outcome::Kind::kStale;
      if (!acceptance.stale) {
        const auto instant = parse_instant(arrival.payload.value["scheduled_for"].get<std::string>()).value();
        started.push_back({with_.clock.now(), instant, arrival.inputs});
      }
      done(acceptance);
    });
  }

  ServiceCase& with_;
  DirectWriter writer_{*with_.memory};
  daemon::ReaderPool readers_{*with_.memory};
  daemon::DefinitionCache definitions_{with_.catalog};
  const daemon::Log log_{false, "error"};
  int count_ = 0;
  daemon::Scheduler scheduler_{{writer_, readers_, definitions_, with_.clock, log_,
                                [this](const service::Arrival& arrival, auto done) { accept(arrival, done); },
                                [](const std::function<void()>& task) { task(); }, [](Instant) {}}};
};

std::string on_schedule(const std::string& cron, const std::string& more = "", const std::string& zone = "UTC") {
  return "name: tick\non:\n  schedule:\n    - { cron: \"" + cron + "\", timezone: " + zone + more +
         " }\ninputs: { city: { type: string, default: Berlin }, n: { type: number } }\nsteps: [ { log: hi } ]\n";
}

class SchedulerCase : public ServiceCase {
 public:
  explicit SchedulerCase(const std::string& source, Instant start = kNow) {
    clock.set(start);
    save(source);
    restart();
  }

  /// As apply does, for keys that are parsed and not run yet, too.
  void save(const std::string& source) {
    const auto parsed = language::parse_workflows(source, "tick.yaml", catalog);
    REQUIRE(parsed);
    auto item = make_workflow("wf_1", "tick", source);
    for (const language::ScheduleOn& on : parsed->front()->schedules) {
      std::vector<domain::Schedule> one{make_schedule("sc_" + std::to_string(++schedules_), on.cron)};
      one.front().timezone = on.timezone;
      service::stand_after(one, parsed->front().get(), clock.now());
      item.schedules.push_back(one.front());
    }
    auto write = save_workflows({item});
    write.now = clock.now();
    REQUIRE(memory->commit({write}).front());
    if (daemon) daemon->changed();
  }
  void restart() {
    if (daemon) history.insert(history.end(), daemon->started.begin(), daemon->started.end());
    daemon = std::make_unique<Daemon>(*this);
    daemon->look();
  }
  /// A second after the other, with a look at each.
  void pass(Duration time) {
    for (Duration passed{}; passed < time; passed += 1s) {
      clock.advance(1s);
      daemon->look();
    }
  }
  void jump(Duration time) {
    clock.advance(time);
    daemon->look();
  }
  /// Minutes after kNow of the instants that fired, in order.
  [[nodiscard]] std::string fired() const {
    auto all = history;
    all.insert(all.end(), daemon->started.begin(), daemon->started.end());
    std::string text;
    for (const auto& each : all) {
      text += (text.empty() ? "" : " ") + std::to_string(std::chrono::duration_cast<std::chrono::minutes>(each.instant - kNow).count());
    }
    return text;
  }
  [[nodiscard]] domain::Schedule schedule() const { return reader->schedules(kTenant, WorkflowId("wf_1")).value().at(0); }
  void pause(bool paused) {
    REQUIRE(service::pause_schedules(owner(), "tick", paused));
    daemon->changed();
  }

  std::unique_ptr<Daemon> daemon;
  std::vector<Daemon::Started> history;

 private:
  int schedules_ = 0;
};

}  // namespace

TEST_CASE("a tick fires within the second of its instant, knows it, and gets the inputs of its trigger") {
  SchedulerCase with(on_schedule("*/5 * * * *", ", inputs: { n: 3 }"));
  with.pass(5min - 1s);
  CHECK(with.fired().empty());
  with.pass(1s);
  REQUIRE(with.fired() == "5");
  CHECK(with.daemon->started.front().at == kNow + 5min);
  CHECK(with.daemon->started.front().inputs == Json{{"city", "Berlin"}, {"n", 3}});
  with.pass(10min);
  CHECK(with.fired() == "5 10 15");
}

TEST_CASE("definitions are read some seconds before they are due, and not long before") {
  SchedulerCase with(on_schedule("*/5 * * * *"));
  with.pass(5min - 11s);
  CHECK_FALSE(with.daemon->knows(with.schedule()));
  with.pass(2s);
  CHECK(with.daemon->knows(with.schedule()));
  CHECK(with.fired().empty());
}

TEST_CASE("of what was missed, catchup says what fires") {
  const auto [catchup, after_start, later] = GENERATE(table<std::string, std::string, std::string>(
      {{"none", "", "25"}, {"last", "20", "20 25"}, {"all", "5 10 15 20", "5 10 15 20 25"}}));
  INFO(catchup);
  SECTION("because the daemon was off") {
    SchedulerCase with(on_schedule("*/5 * * * *", ", catchup: " + catchup));
    with.clock.advance(22min);
    with.restart();
    CHECK(with.fired() == after_start);
    with.pass(3min);
    CHECK(with.fired() == later);
  }
  SECTION("because the clock was set forwards") {
    SchedulerCase with(on_schedule("*/5 * * * *", ", catchup: " + catchup));
    with.jump(22min);
    CHECK(with.fired() == after_start);
    with.pass(3min);
    CHECK(with.fired() == later);
  }
}

TEST_CASE("what is older than the window is not made up for") {
  SchedulerCase with(on_schedule("*/5 * * * *", ", catchup: all, catchup-window: 11m"));
  with.jump(22min);
  CHECK(with.fired() == "15 20");
  SchedulerCase late(on_schedule("0 0 1 * *", ", catchup: last"));
  late.jump(31 * 24h + 25h);
  CHECK(late.fired().empty());
  CHECK(late.schedule().next_due > late.clock.now());
}

TEST_CASE("after a month off at most a thousand ticks are made up for, the newest, in their order") {
  SchedulerCase with(on_schedule("* * * * *", ", catchup: all, catchup-window: 60d"));
  with.clock.advance(30 * 24h + 30s);
  with.restart();
  REQUIRE(with.daemon->started.size() == 1000);
  CHECK(with.daemon->started.back().instant == with.clock.now() - 30s);
  for (std::size_t i = 1; i < 1000; ++i) {
    REQUIRE(with.daemon->started[i].instant == with.daemon->started[i - 1].instant + 1min);
  }
  with.pass(1min);
  CHECK(with.daemon->started.size() == 1001);
}

TEST_CASE("a clock that is set back fires nothing twice, and loses nothing that had not fired") {
  SchedulerCase with(on_schedule("*/5 * * * *"));
  with.pass(11min);
  CHECK(with.fired() == "5 10");
  with.jump(-8min);
  with.restart();
  with.pass(11min);
  CHECK(with.fired() == "5 10");
  with.pass(1min);
  CHECK(with.fired() == "5 10 15");
  with.jump(-6min);
  with.pause(true);
  with.pause(false);
  with.pass(6min);
  CHECK(with.fired() == "5 10 15");
  with.pass(5min);
  CHECK(with.fired() == "5 10 15 20");
}

TEST_CASE("nothing is made up for the time in which a schedule or its workflow rests") {
  SchedulerCase with(on_schedule("*/5 * * * *", ", catchup: all"));
  with.pass(6min);
  SECTION("the schedule is paused") {
    with.pause(true);
    with.pass(12min);
    with.clock.advance(12min);
    with.restart();
    with.pause(false);
  }
  SECTION("the workflow is disabled") {
    REQUIRE(service::set_workflow_enabled(with.owner(), "tick", false));
    with.pass(12min);
    with.clock.advance(12min);
    with.restart();
    REQUIRE(service::set_workflow_enabled(with.owner(), "tick", true));
    with.daemon->changed();
  }
  with.pass(6min);
  CHECK(with.fired() == "5 35");
}

TEST_CASE("jitter starts the execution later, the same for everybody, and the event tells the instant") {
  SchedulerCase with(on_schedule("0 * * * *", ", jitter: 10m"));
  const Duration jitter = service::jitter_of(ScheduleId("sc_1"), kNow + 1h, 10min);
  REQUIRE(jitter >= 0s);
  REQUIRE(jitter < 10min);
  CHECK(with.schedule().fires_at == kNow + 1h + jitter);
  with.jump(1h + jitter - 1ms);
  with.restart();
  CHECK(with.fired().empty());
  with.jump(1ms);
  CHECK(with.fired() == "60");
  CHECK(with.schedule().last_lag == 0s);
  std::set<Duration> different;
  for (int i = 0; i < 100; ++i) different.insert(service::jitter_of(ScheduleId("sc_1"), kNow + i * 1min, 10min));
  CHECK(different.size() > 90);
  CHECK(service::jitter_of(ScheduleId("sc_1"), kNow, 0s) == 0s);
}

TEST_CASE("with a jitter longer than its interval a schedule still fires every instant once, in order") {
  SchedulerCase with(on_schedule("* * * * *", ", jitter: 1h, catchup: none"));
  with.pass(30min);
  const auto& started = with.daemon->started;
  REQUIRE(started.size() >= 29);
  for (std::size_t i = 0; i < started.size(); ++i) {
    CHECK(started[i].instant == kNow + (i + 1) * 1min);
    CHECK(started[i].at < started[i].instant + 61s);
  }
}

TEST_CASE("a changed jitter or catchup keeps the instant, a changed rule begins anew") {
  SchedulerCase with(on_schedule("0 * * * *"));
  const auto before = with.schedule();
  with.save(on_schedule("0 * * * *", ", jitter: 30m, catchup: none"));
  CHECK(with.schedule().id == before.id);
  CHECK(with.schedule().next_due == before.next_due);
  with.pass(10min);
  with.save(on_schedule("*/7 * * * *"));
  CHECK(with.schedule().id != before.id);
  CHECK(with.schedule().next_due == kNow + 14min);
}

TEST_CASE("two daemons on one store fire each instant once") {
  SchedulerCase with(on_schedule("* * * * *", ", catchup: all"));
  Daemon other(with);
  for (int i = 0; i < 600; ++i) {
    with.clock.advance(1s);
    (i % 2 == 0 ? *with.daemon : other).look();
    (i % 2 == 0 ? other : *with.daemon).look();
  }
  std::set<Instant> all;
  for (const auto& each : with.daemon->started) all.insert(each.instant);
  for (const auto& each : other.started) all.insert(each.instant);
  CHECK(all.size() == 10);
  CHECK(with.daemon->started.size() + other.started.size() == 10);
}

TEST_CASE("what is refused is offered again, and is no missed instant") {
  SchedulerCase with(on_schedule("*/5 * * * *", ", catchup: none"));
  with.pass(5min - 1s);
  with.daemon->refusals.assign(3, Error{ErrorKind::kBacklogFull, "too much waits"});
  with.pass(5s);
  CHECK(with.fired() == "5");
  CHECK(with.schedule().last_lag == 3s);
}

TEST_CASE("a schedule fires by the clocks of its zone when they are changed") {
  // Berlin: 2026-03-29 has no 02:30, and 2026-10-25 has two.
  SECTION("in spring a time that does not exist fires at the next valid instant") {
    SchedulerCase with(on_schedule("30 2 * * *", "", "Europe/Berlin"), parse_instant("2026-03-28T12:00:00Z").value());
    with.pass(24h);
    REQUIRE(with.daemon->started.size() == 1);
    CHECK(format_instant(with.daemon->started[0].instant) == "2026-03-29T01:00:00.000Z");
  }
  SECTION("in autumn a time that comes twice fires once") {
    SchedulerCase with(on_schedule("30 2 * * *", "", "Europe/Berlin"), parse_instant("2026-10-24T12:00:00Z").value());
    with.pass(24h);
    REQUIRE(with.daemon->started.size() == 1);
    CHECK(format_instant(with.daemon->started[0].instant) == "2026-10-25T00:30:00.000Z");
  }
}

namespace {

/// What must fire, counted forwards and one instant after the other.
class Model {
 public:
  Model(const language::ScheduleOn& on, Instant start)
      : on_(on), rule_(*service::ScheduleRule::of(ScheduleId("sc_1"), on)), stands_(*rule_.next(start)) {}

  void restart() { last_look_.reset(); }
  void resume(Instant now) { stands_ = *rule_.next(std::max(now, last_.value_or(now))); }

  std::vector<Instant> look(Instant now, bool active) {
    if (!last_look_ || now - *last_look_ > 30s) since_ = now;
    since_ = std::min(since_, now);
    last_look_ = now;
    std::vector<Instant> on_time;
    std::vector<Instant> missed;
    while (active && rule_.fires(stands_) <= now) {
      const bool late = rule_.fires(stands_) < std::max(since_, now - 1min);
      (late ? missed : on_time).push_back(stands_);
      stands_ = *rule_.next(stands_);
    }
    std::erase_if(missed, [&](Instant instant) { return instant < now - on_.catchup_window; });
    using enum language::ScheduleOn::Catchup;
    if (on_.catchup == kNone || (on_.catchup == kLast && !on_time.empty())) missed.clear();
    const std::size_t most = on_.catchup == kAll ? service::kMostCaughtUp : 1;
    if (missed.size() > most) missed.erase(missed.begin(), missed.end() - static_cast<std::ptrdiff_t>(most));
    missed.insert(missed.end(), on_time.begin(), on_time.end());
    if (!missed.empty()) last_ = missed.back();
    return missed;
  }

 private:
  const language::ScheduleOn on_;
  const service::ScheduleRule rule_;
  Instant stands_;
  Instant since_{};
  std::optional<Instant> last_look_;
  std::optional<Instant> last_;
};

std::string random_schedule(std::mt19937_64& random) {
  const auto one_of = [&](std::initializer_list<const char*> some) { return *(some.begin() + random() % some.size()); };
  const std::string cron = one_of({"* * * * *", "*/5 * * * *", "30 2 * * *", "0 */2 * * *", "*/20 * * * * *", "15,45 1-3 * * *"});
  return on_schedule(cron,
                     std::string(", catchup: ") + one_of({"none", "last", "all"}) + ", catchup-window: " +
                         one_of({"10m", "3h", "1d"}) + one_of({"", ", jitter: 20s", ", jitter: 5m", ", jitter: 2h"}),
                     one_of({"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}));
}

}  // namespace

TEST_CASE("whatever happens to the clock and the daemon, each instant fires once when it should and never twice") {
  const auto seed = GENERATE(range(0, 40));
  INFO("seed " << seed);
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  const auto upto = [&](std::int64_t most) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)); };
  // Around the days on which clocks change.
  const char* starts[] = {"2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z", "2026-04-04T10:00:00Z", "2026-11-01T00:00:00Z"};
  const std::string source = random_schedule(random);
  INFO(source);
  SchedulerCase with(source, parse_instant(starts[upto(4)]).value());
  const auto definition = language::parse_workflows(source, "tick.yaml", with.catalog).value().front();
  Model model(definition->schedules.front(), with.clock.now());
  model.look(with.clock.now(), true);

  std::set<Instant> once;
  bool paused = false;
  const auto compare = [&] {
    const auto expected = model.look(with.clock.now(), !paused);
    std::vector<Instant> fired;
    for (const auto& each : with.daemon->started) fired.push_back(each.instant);
    REQUIRE(fired == expected);
    for (const Instant instant : fired) REQUIRE(once.insert(instant).second);
    with.daemon->started.clear();
  };
  for (int i = 0; i < 100; ++i) {
    switch (upto(8)) {
      case 0: with.clock.advance(Duration(upto(6 * 3600 * 1000))); break;
      case 1: with.clock.advance(-Duration(upto(3 * 3600 * 1000))); break;
      case 2:
        with.clock.advance(Duration(upto(3600 * 1000)));
        with.restart();
        model.restart();
        compare();
        continue;
      case 3:
        paused = !paused;
        with.pause(paused);
        if (!paused) model.resume(with.clock.now());
        break;
      default:
        for (int second = 0; second < 30; ++second) {
          with.clock.advance(1s);
          with.daemon->look();
          compare();
        }
        continue;
    }
    with.daemon->look();
    compare();
  }
}
