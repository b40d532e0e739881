// Files of older programs, with what those left in them.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "core/store/sqlite/migrations.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {
namespace {

/// A file as version 2 wrote it: an execution in each state, each with what hung on it.
class OldFile {
 public:
  OldFile() {
    store::sqlite::prepare_file(path_);
    store::sqlite::Connection connection(path_, store::sqlite::Connection::Mode::kWrite, {});
    const auto all = store::sqlite::all_migrations();
    store::sqlite::migrate(connection, {all.at(0), all.at(1)});
    const std::string tenant = "'" + kTenant.str() + "'";
    connection.execute(
        "INSERT INTO workflows (no, tenant_id, id, name, description, enabled, version, created_at, updated_at, "
        "deleted,"
        " set_name) VALUES (1, " +
        tenant + ", 'wf_1', 'greet', 'about it', 1, 1, 5, 5, 0, 'shop')");
    execution(connection, 1, "ex_done", 3, "6", "6");
    execution(connection, 2, "ex_queued", 0, "NULL", "NULL");
    execution(connection, 3, "ex_running", 1, "6", "NULL");
    execution(connection, 4, "ex_failed", 4, "6", "7");
    execution(connection, 5, "ex_cancelled", 5, "6", "NULL");
    connection.execute("INSERT INTO events (no, tenant_id, id, workflow_no, trigger, received_at) VALUES (6, " +
                       tenant + ", 'ev_kept', 1, 0, 5)");
    connection.execute(
        "INSERT INTO steps (execution_no, path, position, tenant_id, kind, status, softened, attempts, sends, "
        "started_at,"
        " outputs) VALUES (1, 'a', 2, " +
        tenant + ", 'set', 2, 0, 0, 0, 6, " + sealed("steps.outputs", "ex_done/a", "7") + "), (1, 'b', 1, " + tenant +
        ", 'set', 2, 0, 0, 0, 6, NULL)");
    connection.execute(
        "INSERT INTO outbox (execution_no, id, tenant_id, kind, path, due_at, lease, orphaned, payload) VALUES"
        " (2, 'ex_queued/start/1', " +
        tenant +
        ", 0, '', 5, NULL, 0, NULL),"
        " (3, 'ex_running/send/1', " +
        tenant + ", 1, 'send', 6, 99, 0, " +
        sealed("outbox.payload", "ex_running/send/1",
               "[\"http\",\"request\",\"api\",\"key-1\",30000]\n{\"url\":\"u\"}") +
        ")");
    connection.execute("INSERT INTO log_lines (sequence, tenant_id, execution_no, path, level, at, text) VALUES (41, " +
                       tenant + ", 1, 'a', 1, 6, " + sealed("log_lines.text", "41", "hello") + ")");
    connection.execute(
        "INSERT INTO dedupe_keys (workflow_no, key, tenant_id, execution_no, expires_at) VALUES (1, 'k', " + tenant +
        ", 1, " + std::to_string(to_millis(kNow) + 1) + ")");
  }

  [[nodiscard]] std::unique_ptr<store::Store> open() {
    auto store = store::open_sqlite(path_, sealer_);
    REQUIRE(store);
    return *std::move(store);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::string sealed(const char* place, const char* id, const std::string& plain) {
    static constexpr const char* kDigits = "0123456789abcdef";
    std::string text = "x'";
    for (const char c : sealer_.seal({kTenant, place, id}, plain)) {
      const auto byte = static_cast<unsigned char>(c);
      text += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return text + "'";
  }
  void execution(store::sqlite::Connection& connection, int no, const std::string& id, int status,
                 const std::string& started_at, const std::string& ended_at) {
    const std::string event = "ev_of_" + id;
    connection.execute("INSERT INTO events (no, tenant_id, id, workflow_no, trigger, received_at, payload) VALUES (" +
                       std::to_string(no) + ", '" + kTenant.str() + "', '" + event + "', 1, 0, 5, " +
                       sealed("events.payload", event.c_str(), "{\"body\":1}") + ")");
    connection.execute(
        "INSERT INTO executions (no, tenant_id, id, workflow_no, event_no, version, trigger, status, revision, seed,"
        " engine_version, created_at, started_at, ended_at) VALUES (" +
        std::to_string(no) + ", '" + kTenant.str() + "', '" + id + "', 1, " + std::to_string(no) + ", 1, 0, " +
        std::to_string(status) + ", 3, 4, 1, 5, " + started_at + ", " + ended_at + ")");
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
  FakeSealer sealer_;
};

}  // namespace

TEST_CASE("a file of the second schema is brought to the newest with all it has", "[upgrade]") {
  OldFile file;
  const auto store = file.open();
  auto reader = *store->open_reader();
  const auto counts = reader->counts();
  REQUIRE(counts);
  CHECK(counts->executions == 5);
  CHECK(counts->live_executions == 2);
  CHECK(counts->outbox == 2);
  CHECK(reader->workflow(kTenant, "greet")->set == "shop");

  const auto done = reader->execution(kTenant, ExecutionId("ex_done"));
  REQUIRE(done);
  CHECK(done->execution.phase == domain::Phase::kMain);
  CHECK(done->execution.priority == domain::Priority::kNormal);
  CHECK(done->execution.group_limit == 1);
  CHECK(done->execution.vars == Json::object());
  CHECK(done->payload == Json{{"body", 1}});
  REQUIRE(done->steps.size() == 2);
  CHECK(done->steps[0].path == "b");
  CHECK(done->steps[1].outputs == 7);
  CHECK(reader->logs(kTenant, {})->front().text == "hello");
  CHECK(reader->execution(kTenant, ExecutionId("ex_cancelled"))->execution.ended_at == from_millis(6));
  CHECK(reader->executions(kTenant, {.dead_letters = true})->size() == 1);
}

TEST_CASE("what an older program left to be done is done", "[upgrade]") {
  OldFile file;
  const auto store = file.open();
  REQUIRE(*store->release_orphans(100) == 1);
  const auto outcome = std::move(store->commit({store::LeaseEffects{kNow, 10, 100}}).front());
  REQUIRE(outcome);
  REQUIRE(outcome->leased.size() == 2);
  const store::LeasedEffect& call = outcome->leased[0];
  CHECK(call.orphaned);
  CHECK(call.effect.call.connector == "http");
  CHECK(call.effect.call.idempotency_key == "key-1");
  CHECK(call.effect.call.timeout == std::chrono::seconds(30));
  CHECK(!call.effect.call.keyed);
  CHECK(!call.effect.call.rate);
  CHECK(call.effect.call.inputs == Json{{"url", "u"}});
  CHECK(outcome->leased[1].effect.kind == domain::EffectKind::kStart);

  auto again = accept("ex_new");
  again.dedupe = store::AcceptEvent::Dedupe{"k"};
  CHECK(store->commit({again}).front()->duplicate_of.str() == "ex_done");
}

TEST_CASE("what an older program kept is purged like the rest", "[upgrade]") {
  OldFile file;
  {
    const auto store = file.open();
    const store::PurgeExecutions purge{.tenant = kTenant, .ended_before = kNow, .limit = 100};
    CHECK(store->commit({purge}).front()->count == 3);
    CHECK((*store->open_reader())->counts()->executions == 2);
    auto again = accept("ex_new");
    again.dedupe = store::AcceptEvent::Dedupe{"k"};
    CHECK(store->commit({again}).front()->duplicate_of.str() == "ex_done");
  }
  SQLite::Database database(file.path().string());
  CHECK(database.execAndGet("SELECT group_concat(id, ' ') FROM events").getString() ==
        "ev_of_ex_queued ev_of_ex_running");
  CHECK(database.execAndGet("SELECT count(*) FROM steps").getInt() == 0);
  CHECK(database.execAndGet("SELECT count(*) FROM log_lines").getInt() == 0);
}

}  // namespace ipaas::test
