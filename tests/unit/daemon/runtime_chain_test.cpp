// Facts that wait are decided one upon the other, before the first decision is committed.
#include <latch>
#include <numeric>

#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

const std::string kFourAnswers =
    "steps:\n"
    "  - id: all\n    parallel:\n"
    "      - { id: a, wait-for: { callback: {} } }\n"
    "      - { id: b, wait-for: { callback: {} } }\n"
    "      - { id: c, wait-for: { callback: {} } }\n"
    "      - { id: d, wait-for: { callback: {} } }\n"
    "outputs: { d: \"${{ steps.d.outputs }}\" }\n";

/// Holds commits of decisions up, and counts what is in them.
class Gate {
 public:
  explicit Gate(FlakyStore& store) {
    store.before = [this](const std::vector<store::Write>& batch) { pass(batch); };
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    batches_.clear();
  }
  /// Lets through what it has waited for before, and waits for the next.
  void next() {
    std::unique_lock lock(mutex_);
    if (awaited_ == arrived_) let_through();
    REQUIRE(changed_.wait_for(lock, kRuntimePatience, [&] { return arrived_ > awaited_; }));
    awaited_ = arrived_;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
    let_through();
  }
  /// How many decisions each commit had since it was closed.
  [[nodiscard]] std::vector<std::size_t> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  void let_through() {
    held_ = false;
    changed_.notify_all();
  }

  void pass(const std::vector<store::Write>& batch) {
    const auto decisions = std::count_if(batch.begin(), batch.end(), [](const store::Write& write) {
      return std::holds_alternative<store::AdvanceExecution>(write);
    });
    if (decisions == 0) return;
    std::unique_lock lock(mutex_);
    batches_.push_back(static_cast<std::size_t>(decisions));
    if (!closed_) return;
    held_ = true;
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
  }

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  bool closed_ = false;
  bool held_ = false;
  int arrived_ = 0;
  int awaited_ = 0;
  std::vector<std::size_t> batches_;
};

/// Facts that have waited until the answer to a was committed. All are decided, and the first of them is at the gate.
struct Chained {
  explicit Chained(
      FlakyStore& store, const std::string& steps = kFourAnswers,
      const std::function<void(Chained&)>& facts = [](Chained& that) {
        for (const char* path : {"b", "c", "d"}) that.answer(path);
      })
      : gate(store), with(store, {.workers = 1, .longest_lead = std::chrono::hours(1)}) {
    with.apply("name: chained\non: { manual: {} }\n" + steps);
    id = with.run("chained");
    REQUIRE(with.eventually([&] { return with.look(id).steps.find("a") != nullptr && with.dispatcher.idle(); }));
    gate.close();
    answer("a");
    gate.next();
    facts(*this);
    gate.next();
    std::latch decided(1);
    with.workers.post([&] { decided.count_down(); });  // behind the decisions, as there is one worker
    decided.wait();
  }
  ~Chained() { gate.open(); }

  void answer(const std::string& path) {
    const engine::Signal signal{.path = path, .kind = engine::Signal::Kind::kCallback, .by = "x", .comment = "", .payload = {{"of", path}}};
    with.dispatcher.deliver(kTenant, id, signal, [this](const Result<domain::ExecutionStatus>& status) {
      if (status) ++counted;
    });
  }

  void cancel() { with.dispatcher.deliver(kTenant, id, engine::Cancel{"x"}); }

  Gate gate;
  Instance with;
  ExecutionId id;
  std::atomic<int> counted = 0;  ///< of the answers
};

}  // namespace

TEST_CASE("facts that wait are decided at once and committed together") {
  FlakyStore store(store::make_memory_store());
  Chained chained(store);
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "succeeded");
  CHECK(chained.with.look(chained.id).execution.outputs["d"] == Json{{"of", "d"}});
  CHECK(chained.with.eventually([&] { return chained.counted == 4; }));
  const std::vector<std::size_t> batches = chained.gate.batches();
  // a; b, which the writer takes as soon as it is there, with as many of the others as were quick; the rest.
  CHECK(batches.size() <= 3);
  CHECK(std::accumulate(batches.begin(), batches.end(), std::size_t{0}) == 4);
}

TEST_CASE("nobody is told of a decision before those that it was made upon are committed") {
  FlakyStore store(store::make_memory_store());
  Chained chained(store);
  CHECK(chained.counted == 1);
  chained.gate.open();
  CHECK(chained.with.eventually([&] { return chained.counted == 4; }));
}

TEST_CASE("what was decided upon a decision that is not committed is decided anew") {
  FlakyStore store(store::make_memory_store());
  Chained chained(store);
  store.pass = GENERATE(0, 1, 2);
  SECTION("since the disk failed") { store.fail = 1; }
  SECTION("since it failed for each of them") { store.fail = 3; }
  SECTION("since somebody else was quicker") { store.stale = 1; }
  SECTION("since it failed behind one that came too late") { store.fail = store.stale = 1; }
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "succeeded");
  CHECK(chained.with.eventually([&] { return chained.counted == 4; }));
  for (const char* path : {"a", "b", "c", "d"}) {
    CHECK(chained.with.look(chained.id).steps.find(path)->status == domain::StepStatus::kSucceeded);
  }
}

TEST_CASE("a commit that was reported as failed counts where later ones built on it") {
  FlakyStore store(store::make_memory_store());
  Chained chained(store);
  store.pass = GENERATE(0, 1);
  SECTION("the first of them") { store.unsure = 1; }
  SECTION("all of them") { store.unsure = 3; }
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "succeeded");
  CHECK(chained.with.eventually([&] { return chained.counted == 4; }));
  CHECK(chained.with.eventually([&] { return chained.with.dispatcher.live() == 0 && chained.with.dispatcher.idle(); }));
}

TEST_CASE("what a later decision takes back is not carried out once both turn out to be committed") {
  FlakyStore store(store::make_memory_store());
  FakeHttpServer server([](FakeHttpServer::Connection& connection) {
    if (connection.read_request()) connection.answer("ok");
  });
  Chained chained(store,
                  "steps:\n  - { id: a, wait-for: { callback: {} } }\n"
                  "  - { id: b, wait-for: { callback: {} } }\n"
                  "  - { id: call, uses: http/request, with: { url: '" + server.url("/taken-back") + "' } }\n",
                  [](Chained& that) {
                    that.answer("b");
                    that.cancel();
                  });
  store.unsure = 2;
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "cancelled");
  CHECK(chained.with.eventually([&] { return chained.with.dispatcher.idle() && chained.with.slots.used() == 0; }));
  const auto requests = server.requests();
  CHECK(std::none_of(requests.begin(), requests.end(), [](const auto& request) { return request.find("taken-back") != std::string::npos; }));
}

TEST_CASE("a decision that was not committed is not taken for one by what was decided anew in front of it") {
  FlakyStore store(store::make_memory_store());
  // At the first time b's answer fails the step and closes c; an hour later it does not, and c's answer counts.
  Chained chained(store,
                  "steps:\n  - { id: a, wait-for: { callback: {} } }\n"
                  "  - id: all\n    fail-fast: true\n    continue-on-error: true\n    parallel:\n"
                  "      - id: first\n        switch: ${{ 'x' }}\n        cases:\n          x:\n"
                  "            - { id: b, wait-for: { callback: {} } }\n"
                  "            - { id: early, if: \"now() < '2026-01-01T01:00:00.000Z'\", fail: too early }\n"
                  "      - { id: c, wait-for: { callback: {} } }\n"
                  "  - { id: d, wait-for: { callback: {} } }\n",
                  [](Chained& that) {
                    that.answer("b");
                    that.answer("c");
                    that.cancel();
                  });
  store.fail = 2;
  chained.with.clock.advance(std::chrono::hours(2));
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "cancelled");
  CHECK(chained.with.look(chained.id).steps.find("c")->status == domain::StepStatus::kSucceeded);
  CHECK(chained.with.eventually([&] { return chained.with.dispatcher.live() == 0 && chained.with.dispatcher.idle(); }));
}

TEST_CASE("a decision that cannot be stored ends the execution, whatever was decided upon it") {
  FlakyStore store(store::make_memory_store());
  Chained chained(store);
  store.pass = GENERATE(0, 1);
  store.too_large = 1;
  chained.gate.open();
  CHECK(chained.with.end_of(chained.id) == "failed");
  CHECK(chained.with.look(chained.id).execution.error->code == "internal");
  CHECK(chained.with.eventually([&] { return chained.with.dispatcher.live() == 0 && chained.with.dispatcher.idle(); }));
}
