// How much work a write is, in instructions of SQLite's machine: the same whether there is little beside it or much.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <functional>

#include "core/store/sqlite/migrations.h"
#include "core/store/sqlite/sqlite_store.h"
#include "core/store/sqlite/write_session.h"
#include "tests/support/catch.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {
namespace {

constexpr int kFew = 50;
constexpr int kMany = 5'000;

/// A session whose work is counted.
class Session {
 public:
  Session() {
    store::sqlite::prepare_file(path_);
    {
      store::sqlite::Connection connection(path_, store::sqlite::Connection::Mode::kWrite, {});
      store::sqlite::migrate(connection);
    }
    session_ = std::make_unique<store::sqlite::WriteSession>(path_, sealer_, store::SqliteOptions{});
    REQUIRE(commit({save_workflows({make_workflow("wf_1", "greet")})}).front());
    REQUIRE(commit({save_workflows({make_workflow("wf_2", "greet")}, kOtherTenant)}).front());
    sqlite3_progress_handler(session_->connection().handle(), kGrain, &Session::count, this);
  }

  std::vector<Result<store::Outcome>> commit(std::vector<store::Write> batch) { return session_->commit(batch); }

  /// Instructions that the write takes, after one of its kind has warmed up what is remembered.
  Result<store::Outcome> measure(store::Write write, std::int64_t& instructions) {
    instructions_ = 0;
    std::vector<store::Write> batch;
    batch.push_back(std::move(write));
    auto result = std::move(session_->commit(batch).front());
    instructions = instructions_;
    return result;
  }

 private:
  static constexpr int kGrain = 10;
  static int count(void* self) {
    static_cast<Session*>(self)->instructions_ += kGrain;
    return 0;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
  FakeSealer sealer_;
  std::unique_ptr<store::sqlite::WriteSession> session_;
  std::int64_t instructions_ = 0;
};

std::string numbered(int i) {
  return "ex_" + std::to_string(100'000 + i);
}

void fill(Session& session, int count, const std::function<store::Write(int)>& make) {
  std::vector<store::Write> batch;
  for (int i = 0; i < count; ++i) batch.push_back(make(i));
  for (const auto& result : session.commit(std::move(batch))) REQUIRE(result);
}

/// Twice as much would be no accident of the tree's depth.
void require_same_work(const std::function<std::int64_t(int beside)>& work) {
  const std::int64_t little = work(kFew);
  const std::int64_t much = work(kMany);
  INFO(little << " instructions beside little, " << much << " beside much");
  CHECK(little > 0);
  CHECK(much < 2 * little);
}

store::AcceptEvent of_other_tenant(const std::string& id) {
  auto write = accept_queued(id);
  write.tenant = kOtherTenant;
  write.event.workflow = write.first->execution.workflow = WorkflowId("wf_2");
  return write;
}

}  // namespace

TEST_CASE("leasing costs what is leased, however much another tenant has queued", "[work]") {
  require_same_work([](int beside) {
    Session session;
    fill(session, beside, [](int i) { return accept_queued(numbered(i)); });
    REQUIRE(session.commit({store::LeaseEffects{kNow, 1, 1}}).front());
    REQUIRE(session.commit({of_other_tenant("ex_other")}).front());
    std::int64_t instructions = 0;
    const auto outcome = session.measure(store::LeaseEffects{kNow, 2, 1}, instructions);
    REQUIRE(outcome->leased.size() == 2);
    CHECK(outcome->leased[0].effect.tenant == kOtherTenant);
    return instructions;
  });
}

TEST_CASE("who finds its group full costs the same in any queue", "[work]") {
  require_same_work([](int beside) {
    Session session;
    REQUIRE(session.commit({accept_queued("ex_0", "g")}).front());
    fill(session, beside, [](int i) { return accept_queued(numbered(i), "g"); });
    const auto claim = [&](const std::string& id) {
      auto change = make_change(make_execution(id, domain::ExecutionStatus::kRunning));
      auto write = advance(std::move(change));
      write.claim = true;
      return write;
    };
    REQUIRE(session.commit({claim("ex_0")}).front()->kind == store::Outcome::Kind::kDone);
    REQUIRE(session.commit({claim(numbered(beside - 1))}).front()->count == beside - 1);
    REQUIRE(session.commit({accept_queued("ex_last", "g")}).front());
    std::int64_t instructions = 0;
    const auto outcome = session.measure(claim("ex_last"), instructions);
    REQUIRE(outcome->kind == store::Outcome::Kind::kBusy);
    CHECK(outcome->count == beside);
    // A short queue is counted one by one, at a few instructions each.
    return instructions - 8 * std::min(beside, 256);
  });
}

TEST_CASE("a purge costs what is purged, however much stays", "[work]") {
  const bool payloads_only = GENERATE(false, true);
  require_same_work([&](int beside) {
    Session session;
    fill(session, 20, [](int i) {
      auto write = accept("ex_old" + std::to_string(i));
      write.first->execution.ended_at = kNow - std::chrono::hours(1);
      return write;
    });
    fill(session, beside, [](int i) { return accept(numbered(i)); });
    std::int64_t instructions = 0;
    const auto outcome = session.measure(
        store::PurgeExecutions{.tenant = kTenant, .ended_before = kNow, .payloads_only = payloads_only, .limit = 20},
        instructions);
    CHECK(outcome->count == 20);
    return instructions;
  });
}

TEST_CASE("a decision on a long execution writes what it changes", "[work]") {
  require_same_work([](int beside) {
    Session session;
    auto change = make_change(make_execution("ex_1", domain::ExecutionStatus::kRunning));
    domain::Step loop = make_step("each", domain::StepStatus::kRunning);
    loop.items = std::make_shared<const Json>(std::vector<int>(static_cast<std::size_t>(beside), 1));
    change.steps = {loop};
    for (int i = 0; i < beside; ++i) change.steps.push_back(make_step("each[" + std::to_string(i) + "].a"));
    REQUIRE(session.commit({accept(change)}).front());
    ++loop.begun;
    change.steps = {loop, make_step("each[7].a")};
    std::int64_t instructions = 0;
    REQUIRE(session.measure(advance(change), instructions)->kind == store::Outcome::Kind::kDone);
    return instructions;
  });
}

namespace {

std::int64_t all_instructions = 0;

/// For every connection that is opened from now on.
int count_instructions(sqlite3* database, const char**, const sqlite3_api_routines*) {
  sqlite3_progress_handler(
      database, 10,
      [](void*) {
        all_instructions += 10;
        return 0;
      },
      nullptr);
  return SQLITE_OK;
}

}  // namespace

TEST_CASE("counting costs the same, however much is pending", "[work]") {
  require_same_work([](int beside) {
    TemporaryFolder folder;
    FakeSealer sealer;
    auto store = *store::open_sqlite(folder.path() / "store.db", sealer);
    std::vector<store::Write> batch{save_workflows({make_workflow("wf_1", "greet")})};
    for (int i = 0; i < beside; ++i) batch.push_back(accept_queued(numbered(i)));
    for (const auto& result : store->commit(batch)) REQUIRE(result);
    const auto counting = reinterpret_cast<void (*)()>(&count_instructions);
    sqlite3_auto_extension(counting);
    auto reader = *store->open_reader();
    sqlite3_cancel_auto_extension(counting);
    all_instructions = 0;
    const auto counts = reader->counts();
    REQUIRE(counts);
    CHECK(counts->live_executions == beside);
    CHECK(counts->outbox == beside);
    return all_instructions;
  });
}

}  // namespace ipaas::test
