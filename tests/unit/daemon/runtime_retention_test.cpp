// The background task that deletes what has been kept long enough: what it asks of the writer, and when it stops.
#include "daemon/runtime/retention_keeper.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "core/service/workflows.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

/// Notes what it is asked, and answers with the counts of a script; then with none.
class ScriptedWriter final : public store::Writer {
 public:
  void submit(store::Write write, Completion completion) override {
    std::int64_t count = 0;
    bool broken = false;
    if (store != nullptr) {
      auto outcome = std::move(store->commit({write}).front());
      {
        const std::lock_guard lock(mutex);
        writes.push_back(std::get<store::PurgeExecutions>(write));
      }
      return completion(std::move(outcome));
    }
    {
      const std::lock_guard lock(mutex);
      writes.push_back(std::get<store::PurgeExecutions>(write));
      broken = fails;
      if (!counts.empty()) {
        count = counts.front();
        counts.pop_front();
      }
    }
    if (broken) return completion(fail(ErrorKind::kUnavailable, "the disk failed"));
    store::Outcome outcome;
    outcome.count = count;
    completion(outcome);
  }
  [[nodiscard]] std::vector<store::PurgeExecutions> seen() {
    const std::lock_guard lock(mutex);
    return writes;
  }

  std::mutex mutex;  ///< guards what follows
  std::vector<store::PurgeExecutions> writes;
  std::deque<std::int64_t> counts;
  bool fails = false;
  store::Store* store = nullptr;  ///< that is really written to, where there is no script
};

class RetentionCase {
 public:
  explicit RetentionCase(service::RetentionPolicy policy, std::optional<std::uint64_t> max_bytes = {})
      : keeper({writer, readers, definitions, threads, clock,
                [this](Instant due, std::function<void()> task) {
                  const std::lock_guard lock(mutex_);
                  tasks_.emplace(due, std::move(task));
                  changed_.notify_all();
                },
                log, {kTenant}, policy, max_bytes}) {}
  ~RetentionCase() {
    keeper.stop();
    threads.stop();
  }

  /// Turns the clock to the next task and runs it; the pause before it.
  Duration next() {
    std::function<void()> task;
    Duration pause{};
    {
      std::unique_lock lock(mutex_);
      REQUIRE(changed_.wait_for(lock, 20s, [&] { return !tasks_.empty(); }));
      pause = std::max(tasks_.begin()->first - clock.now(), Duration(0));
      task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
    }
    clock.advance(pause);
    task();
    return pause;
  }
  /// To the end of a round: until the pause is that between rounds.
  std::vector<store::PurgeExecutions> round() {
    {
      const std::lock_guard lock(writer.mutex);
      writer.writes.clear();
    }
    next();
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, 20s, [&] { return !tasks_.empty(); }));
        if (tasks_.begin()->first - clock.now() >= 1min) return writer.seen();
      }
      next();
    }
  }

  TemporaryFolder folder;
  FakeSealer sealer;
  std::unique_ptr<store::Store> store = *store::open_sqlite(folder.path() / "store.db", sealer);
  daemon::ReaderPool readers{*store};
  connectors::Catalog catalog = connectors::Catalog::built_in().value();
  daemon::DefinitionCache definitions{catalog};
  daemon::WorkerPool threads{1};
  FakeClock clock;
  const daemon::Log log{false, "error"};
  ScriptedWriter writer;
  daemon::RetentionKeeper keeper;

 private:
  std::mutex mutex_;  ///< guards tasks_
  std::condition_variable changed_;
  std::multimap<Instant, std::function<void()>> tasks_;
};

}  // namespace

TEST_CASE("a round deletes slice by slice until a slice is not full, with pauses for the others") {
  RetentionCase with({.executions = 24h * 30, .payloads = 24h * 7});
  with.writer.counts = {100, 100, 3, 100, 0};
  with.keeper.start();
  const auto writes = with.round();
  REQUIRE(writes.size() == 5);
  for (std::size_t i = 0; i < 3; ++i) CHECK_FALSE(writes[i].payloads_only);
  for (std::size_t i = 3; i < 5; ++i) CHECK(writes[i].payloads_only);
  for (const auto& write : writes) {
    CHECK(write.tenant == kTenant);
    CHECK(write.limit == 100);
    CHECK_FALSE(write.workflow);
  }
}

TEST_CASE("a workflow's own times are read from its newest version") {
  RetentionCase with({.executions = 24h * 30, .payloads = {}});
  auto item = make_workflow("wf_1", "short", "name: short\non: { manual: {} }\nretention: { executions: 1d }\nsteps: [ { log: x } ]\n");
  REQUIRE(with.store->commit({save_workflows({item})}).front());
  with.keeper.start();
  const auto writes = with.round();
  REQUIRE(writes.size() == 2);
  CHECK(writes[0].workflow == WorkflowId("wf_1"));
  CHECK(writes[1].except == std::vector<WorkflowId>{WorkflowId("wf_1")});
  CHECK(writes[0].ended_before - writes[1].ended_before > 24h * 28);
}

TEST_CASE("without a time nothing is asked, and it looks again: a workflow may have one by then") {
  RetentionCase with({});
  with.keeper.start();
  CHECK(with.round().empty());
  auto item = make_workflow("wf_1", "short", "name: short\non: { manual: {} }\nretention: { executions: 1d }\nsteps: [ { log: x } ]\n");
  REQUIRE(with.store->commit({save_workflows({item})}).front());
  CHECK(with.round().size() == 1);
}

TEST_CASE("a disk that fails ends the round, and the next one tries again") {
  RetentionCase with({.executions = 24h});
  with.writer.fails = true;
  with.keeper.start();
  CHECK(with.round().size() == 1);
  with.writer.fails = false;
  with.writer.counts = {100, 1};
  CHECK(with.round().size() == 2);
}

TEST_CASE("after stop nothing is asked any more, whatever was planned") {
  RetentionCase with({.executions = 24h});
  with.keeper.start();
  with.keeper.stop();
  with.next();
  with.threads.stop();
  CHECK(with.writer.seen().empty());
}

namespace {

constexpr std::size_t kHeavy = 20'000;

/// Executions that ended one after the other, before the case's clock, each of `kHeavy` bytes and more.
void keep(RetentionCase& with, int count) {
  REQUIRE(with.store->commit({save_workflows({make_workflow("wf_1", "greet")})}).front());
  for (int i = 0; i < count; ++i) {
    auto write = accept("ex_" + std::to_string(100'000 + i));
    write.first->execution.ended_at = with.clock.now() - 10h + std::chrono::seconds(i);
    write.payload = Json{{"body", std::string(kHeavy, 'x')}}.dump();
    REQUIRE(with.store->commit({write}).front());
  }
  auto running = accept("ex_000000", domain::ExecutionStatus::kRunning);
  running.payload = Json{{"body", std::string(kHeavy, 'x')}}.dump();
  REQUIRE(with.store->commit({running}).front());
}

std::uint64_t used(RetentionCase& with) {
  return static_cast<std::uint64_t>((*with.readers.borrow())->counts()->bytes_used);
}

std::vector<domain::Execution> left(RetentionCase& with) {
  return *(*with.readers.borrow())->executions(kTenant, {.limit = 10'000});
}

}  // namespace

TEST_CASE("a database over its size loses its oldest ended executions, slice by slice, until it fits") {
  constexpr std::uint64_t kMost = 6'000'000;
  RetentionCase with({}, kMost);
  keep(with, 500);
  REQUIRE(used(with) > kMost);
  with.writer.store = with.store.get();
  with.keeper.start();
  const auto writes = with.round();
  CHECK(used(with) <= kMost);
  CHECK(used(with) > kMost - 101 * (kHeavy + 10'000));  // one slice less, and it would be too large
  const auto kept = left(with);
  REQUIRE(kept.size() == 501 - writes.size() * 100);
  CHECK(kept.back().id.str() == "ex_000000");
  CHECK(kept.at(kept.size() - 2).id.str() == "ex_" + std::to_string(100'000 + 100 * writes.size()));
  for (const auto& write : writes) {
    CHECK_FALSE(write.workflow);
    CHECK_FALSE(write.payloads_only);
    CHECK(write.limit == 100);
  }
  CHECK(with.round().empty());
}

TEST_CASE("a database that fits loses nothing to its size") {
  RetentionCase with({}, 100'000'000);
  keep(with, 20);
  with.writer.store = with.store.get();
  with.keeper.start();
  CHECK(with.round().empty());
  CHECK(left(with).size() == 21);
}

TEST_CASE("a database that cannot be made small enough keeps what runs, and the round ends") {
  RetentionCase with({}, 1);
  keep(with, 150);
  with.writer.store = with.store.get();
  with.keeper.start();
  CHECK(with.round().size() == 3);  // two that found something, one that found nothing
  REQUIRE(left(with).size() == 1);
  CHECK(left(with).front().status == domain::ExecutionStatus::kRunning);
  CHECK(with.round().size() == 1);
}
