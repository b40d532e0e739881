// How many webhooks a second the SQLite store accepts, beside bare inserts into a table with one index.
//
//   store_bench [FOLDER [WRITES]]
//
// T1 is accepted and decided at once (event, execution, step, two log lines); T2 is accepted with a call that is
// leased at once, and advanced to its end. Every batch is one durable commit.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/resource.h>

#include <cstdio>
#include <functional>

#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string numbered(const char* prefix, int i) {
  char text[64];
  std::snprintf(text, sizeof text, "%s%026d", prefix, i);
  return text;
}

constexpr const char* kPayload = R"({"body":{"ref":"refs/heads/main","after":"3f2a","repository":{"full_name":"octo/hello"}},)"
                                 R"("headers":{"content-type":"application/json","x-github-event":"push"}})";

store::AcceptEvent t1(int i) {
  auto write = accept(numbered("ex_", i));
  write.event.id = EventId(numbered("ev_", i));
  write.payload = kPayload;
  write.first->execution.outputs = {{"greeting", "hello octo"}};
  domain::Step greet = make_step("greet");
  greet.outputs = {{"greeting", "hello octo"}};
  write.first->steps = {greet};
  write.first->logs = {make_line("execution began"), make_line("execution succeeded")};
  return write;
}

store::AcceptEvent t2_begin(int i) {
  auto write = t1(i);
  domain::ExecutionChange& first = *write.first;
  first.execution.status = domain::ExecutionStatus::kRunning;
  first.execution.outputs = nullptr;
  first.execution.ended_at.reset();
  first.steps = {make_step("send", domain::StepStatus::kRunning)};
  first.effects = {make_effect(first.execution.id.str(), "send")};
  first.logs.resize(1);
  write.lease = 1;
  return write;
}

store::AdvanceExecution t2_end(int i) {
  auto change = *t1(i).first;
  change.steps = {make_step("send")};
  change.attempts = {{"send", 1, kNow, kNow, "succeeded", ""}};
  change.finished = {EffectId(change.execution.id.str() + "/send/1")};
  change.logs.resize(1);
  return advance(std::move(change));
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Measured {
  double per_second = 0;
  double cpu_microseconds = 0;
};

/// `commit` gets the numbers of one batch; preparing it is not measured.
Measured measure(int writes, int batch, const std::function<std::function<void()>(int, int)>& prepare) {
  double wall = 0;
  double cpu = 0;
  for (int i = 0; i < writes; i += batch) {
    const auto commit = prepare(i, std::min(i + batch, writes));
    const double cpu_before = cpu_seconds();
    const auto before = Clock::now();
    commit();
    wall += std::chrono::duration<double>(Clock::now() - before).count();
    cpu += cpu_seconds() - cpu_before;
  }
  return {writes / wall, 1e6 * cpu / writes};
}

std::function<void()> committing(store::Store& store, std::vector<store::Write> batch) {
  auto shared = std::make_shared<std::vector<store::Write>>(std::move(batch));
  return [&store, shared] {
    for (const auto& result : store.commit(*shared)) {
      if (!result || result->kind != store::Outcome::Kind::kDone) std::abort();
    }
  };
}

template <typename Make>
std::vector<store::Write> batch_of(int from, int to, Make make) {
  std::vector<store::Write> batch;
  for (int i = from; i < to; ++i) batch.emplace_back(make(i));
  return batch;
}

Measured raw(const std::filesystem::path& folder, int writes, int batch) {
  const std::string file = (folder / "raw.db").string();
  std::filesystem::remove(file);
  SQLite::Database database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "CREATE TABLE events (no INTEGER PRIMARY KEY, id TEXT, payload BLOB); CREATE UNIQUE INDEX i ON events (id)");
  SQLite::Statement insert(database, "INSERT INTO events (id, payload) VALUES (?, ?)");
  const std::string text = kPayload;
  return measure(writes, batch, [&](int from, int to) {
    return [&, from, to] {
      SQLite::Transaction transaction(database);
      for (int i = from; i < to; ++i) {
        insert.bind(1, numbered("ev_", i));
        insert.bindNoCopy(2, text);
        insert.exec();
        insert.reset();
      }
      transaction.commit();
    };
  });
}

void run(const std::filesystem::path& folder, int writes) {
  FakeSealer sealer;
  std::printf("%6s %28s %28s %28s\n", "batch", "T1 accepts/s (us CPU)", "T2 completed/s (us CPU)",
              "bare inserts/s (us CPU)");
  for (const int batch : {1, 16, 64, 256}) {
    const int n = batch == 1 ? writes / 20 : writes;
    const auto file = folder / ("bench-" + std::to_string(batch) + ".db");
    std::filesystem::remove(file);
    auto store = store::open_sqlite(file, sealer);
    if (!store) std::abort();
    committing(**store, batch_of(0, 1, [](int) { return save_workflows({make_workflow("wf_1", "greet")}); }))();
    const Measured one =
        measure(n, batch, [&](int from, int to) { return committing(**store, batch_of(from, to, t1)); });
    const Measured two = measure(n, batch, [&](int from, int to) {
      auto begin = committing(**store, batch_of(from + n, to + n, t2_begin));
      auto end = committing(**store, batch_of(from + n, to + n, t2_end));
      return [begin, end] { begin(), end(); };
    });
    const Measured bare = raw(folder, n, batch);
    std::printf("%6d %20.0f (%5.1f) %20.0f (%5.1f) %20.0f (%5.1f)\n", batch, one.per_second, one.cpu_microseconds,
                two.per_second, two.cpu_microseconds, bare.per_second, bare.cpu_microseconds);
  }
}

}  // namespace
}  // namespace ipaas::test

int main(int count, char** arguments) {
  const ipaas::test::TemporaryFolder temporary;
  const std::filesystem::path folder = count > 1 ? arguments[1] : temporary.path();
  ipaas::test::run(folder, count > 2 ? std::atoi(arguments[2]) : 20'000);
}
