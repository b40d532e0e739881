// The background task that deletes what has been kept long enough: what it asks of the writer, and when it stops.
#include "daemon/runtime/retention_keeper.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "core/service/workflows.h"
#include "core/store/memory_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
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
};

class RetentionCase {
 public:
  explicit RetentionCase(service::RetentionPolicy policy)
      : keeper({writer, readers, definitions, threads, clock,
                [this](Instant due, std::function<void()> task) {
                  const std::lock_guard lock(mutex_);
                  tasks_.emplace(due, std::move(task));
                  changed_.notify_all();
                },
                log, {kTenant}, policy, std::nullopt}) {}
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

  std::unique_ptr<store::Store> store = store::make_memory_store();
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
