// What only the store in a file promises: that it is there again, that it is sealed, and what it says when it is not.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "core/store/sqlite/migrations.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {
namespace {

class File {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] Result<std::unique_ptr<store::Store>> open(store::SqliteOptions options = {}) {
    return store::open_sqlite(path_, sealer_, options);
  }
  [[nodiscard]] std::string bytes_of(const std::string& suffix = "") const {
    std::ifstream file(path_.string() + suffix, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void overwrite(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
  FakeSealer sealer_;
};

Result<store::Outcome> commit(store::Store& store, store::Write write) {
  std::vector<store::Write> batch;
  batch.push_back(std::move(write));
  return std::move(store.commit(std::move(batch)).front());
}

store::AcceptEvent heavy(const std::string& id, const std::string& text) {
  auto write = accept(id, domain::ExecutionStatus::kFailed);
  domain::ExecutionChange& first = *write.first;
  write.payload = Json{{"body", text}}.dump();
  first.execution.inputs = {{"in", text}};
  first.execution.outputs = text;
  first.execution.error->message = text;
  domain::Step step = make_step("send", domain::StepStatus::kFailed);
  step.outputs = text;
  step.error = domain::Failure{"rejected", text, "send"};
  step.items = std::make_shared<const Json>(Json::array({text}));
  first.steps = {step};
  first.execution.group = text;
  first.execution.held = {text};
  first.execution.starter = text;
  first.execution.vars = {{"v", text}};
  first.execution.idempotency_keys = {{"send", text}};
  write.masked = {text};
  first.attempts = {{"send", 1, kNow, kNow, "rejected", text}};
  first.effects = {make_effect(id, "send"), make_effect(id, "ship", domain::EffectKind::kChild)};
  first.effects[0].call.inputs = text;
  first.effects[1].child = {.workflow = text, .inputs = text, .wait = true};
  first.logs = {make_line(text)};
  write.audit = domain::AuditRecord{kTenant, kNow, "owner", "test", "x", {{"text", text}}};
  return write;
}

/// A file with one workflow and one execution, closed again.
void fill(File& file) {
  auto store = file.open();
  REQUIRE(store);
  REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
  REQUIRE(commit(**store, heavy("ex_1", "some text")));
}

void require_refused(File& file, const std::string& code) {
  const auto store = file.open();
  REQUIRE(!store);
  CHECK(store.error().code == code);
  CHECK(store.error().message.find(file.path().string()) != std::string::npos);
  CHECK(!store.error().hint.empty());
}

}  // namespace

TEST_CASE("a store that is opened again has everything, and numbers its log on") {
  File file;
  fill(file);
  CHECK(!std::filesystem::exists(file.path().string() + "-wal"));
  auto store = file.open();
  REQUIRE(store);
  REQUIRE(commit(**store, heavy("ex_2", "more")));
  auto reader = (*store)->open_reader();
  REQUIRE(reader);
  const auto lines = (*reader)->logs(kTenant, {});
  REQUIRE(lines);
  REQUIRE(lines->size() == 2);
  CHECK(lines->at(1).sequence == 2);
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_1"))->execution.outputs == "some text");
}

TEST_CASE("what was committed is there after the process vanished") {
  File file;
  fill(file);
  auto store = file.open();
  REQUIRE(store);
  REQUIRE(commit(**store, heavy("ex_2", "more")));
  // The files as a kill would leave them.
  TemporaryFolder other;
  for (const std::string suffix : {"", "-wal"}) {
    std::filesystem::copy_file(file.path().string() + suffix, (other.path() / "store.db").string() + suffix);
  }
  FakeSealer sealer;
  auto revived = store::open_sqlite(other.path() / "store.db", sealer);
  REQUIRE(revived);
  auto reader = (*revived)->open_reader();
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_2")));
}

TEST_CASE("what is alive is counted again when the file is opened") {
  File file;
  {
    auto store = file.open();
    REQUIRE(store);
    REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
    for (const char* id : {"ex_1", "ex_2", "ex_3"}) REQUIRE(commit(**store, accept_queued(id)));
    REQUIRE(commit(**store, store::LeaseEffects{kNow, 2, 1}));
    REQUIRE(commit(**store, accept("ex_4")));
  }
  auto store = file.open();
  REQUIRE(store);
  auto reader = *(*store)->open_reader();
  CHECK(reader->counts()->live_executions == 3);
  CHECK(reader->counts()->outbox == 3);
  CHECK(reader->counts()->executions == 4);
}

TEST_CASE("a value that is too long is the failure of its write, and of no other") {
  File file;
  auto store = file.open({.longest_value = 20'000});
  REQUIRE(store);
  REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
  REQUIRE(commit(**store, accept("ex_r", domain::ExecutionStatus::kRunning)));
  auto reader = (*store)->open_reader();
  const std::string long_text(30'000, 'x');
  auto growing = advance(make_change((*reader)->execution(kTenant, ExecutionId("ex_r"))->execution));
  domain::Step step = make_step("big");
  step.outputs = long_text;
  growing.change.steps = {step};
  const auto results =
      (*store)->commit({accept("ex_1"), heavy("ex_2", long_text), growing, accept("ex_3")});
  CHECK(results[0]);
  CHECK(results[3]);
  for (const std::size_t refused : {std::size_t{1}, std::size_t{2}}) {
    REQUIRE(!results[refused]);
    CHECK(results[refused].error().kind == ErrorKind::kTooLarge);
    CHECK(results[refused].error().code == "too_large");
  }
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_1")));
  CHECK(!(*reader)->execution(kTenant, ExecutionId("ex_2")));
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_3")));
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_r"))->execution.revision == 1);
  CHECK((*reader)->counts()->executions == 3);

  // The same execution can still be ended.
  growing.change.steps = {};
  CHECK(commit(**store, growing));
}

TEST_CASE("no payload can be read in the files") {
  File file;
  const std::string canary = "canary-7d1f9a";
  auto store = file.open();
  REQUIRE(store);
  auto item = make_workflow("wf_1", "greet", canary);
  item.digest = "digest";
  REQUIRE(commit(**store, save_workflows({item})));
  REQUIRE(commit(**store, heavy("ex_1", canary)));
  store::CreateCredential credential{kTenant, {}, {}};
  credential.credential.id = CredentialId("cr_1");
  credential.credential.name = "api";
  credential.credential.fields = Secret(canary);
  REQUIRE(commit(**store, credential));
  CHECK(file.bytes_of("-wal").find(canary) == std::string::npos);
  store->reset();
  CHECK(file.bytes_of().find("greet") != std::string::npos);
  CHECK(file.bytes_of().find(canary) == std::string::npos);
}

TEST_CASE("only the owner may touch the files, whatever the umask") {
  File file;
  const mode_t before = ::umask(0);
  fill(file);
  auto store = file.open();
  REQUIRE(commit(**store, heavy("ex_2", "x")));
  ::umask(before);
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    REQUIRE(::stat((file.path().string() + suffix).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a file of a newer program is refused with both versions") {
  File file;
  fill(file);
  SQLite::Database(file.path().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 9999");
  require_refused(file, "store_newer");
  CHECK(file.open().error().message.find("9999") != std::string::npos);
}

TEST_CASE("a file of the first schema is brought to the newest with all it has") {
  File file;
  file.overwrite("");
  {
    store::sqlite::Connection connection(file.path(), store::sqlite::Connection::Mode::kWrite, {});
    store::sqlite::migrate(connection, {store::sqlite::all_migrations().front()});
    connection.execute(
        "INSERT INTO workflows (tenant_id, id, name, description, enabled, version, created_at, updated_at, deleted)"
        " VALUES ('tn_00000000000000000000000000', 'wf_old', 'old', 'from before', 1, 3, 5, 5, 0)");
  }
  auto store = file.open();
  REQUIRE(store);
  auto reader = (*store)->open_reader();
  const auto workflow = (*reader)->workflow(kTenant, "old");
  REQUIRE(workflow);
  CHECK(workflow->version == 3);
  CHECK(workflow->description == "from before");
  CHECK(workflow->set.empty());
}

TEST_CASE("a database of another program is refused") {
  File file;
  SQLite::Database(file.path().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  require_refused(file, "store_foreign");
}

TEST_CASE("a damaged file is refused") {
  File file;
  fill(file);
  const std::string whole = file.bytes_of();
  SECTION("it is no database") {
    file.overwrite("this is not a database, but it is long enough to look like a file\n");
  }
  SECTION("its header is garbage") {
    file.overwrite(std::string(100, '\0') + whole.substr(100));
  }
  SECTION("it was cut off") {
    file.overwrite(whole.substr(0, whole.size() / 2));
  }
  SECTION("its schema is garbage") {
    file.overwrite(whole.substr(0, 100) + std::string(3996, '\x5a') + whole.substr(4096));
  }
  require_refused(file, "store_damaged");
}

TEST_CASE("a file that cannot be written is refused") {
  FakeSealer sealer;
  const auto store = store::open_sqlite("/proc/ipaas/store.db", sealer);
  REQUIRE(!store);
  CHECK(store.error().code == "store_unwritable");
  CHECK(store.error().message.find("/proc/ipaas/store.db") != std::string::npos);
}

TEST_CASE("a full disk refuses the whole batch, burns no log number, and is no obstacle once there is space") {
  File file;
  fill(file);
  {
    auto store = file.open({.max_pages = 80});
    REQUIRE(store);
    const auto refused = commit(**store, heavy("ex_2", std::string(400'000, 'x')));
    REQUIRE(!refused);
    CHECK(refused.error().kind == ErrorKind::kUnavailable);
    CHECK(refused.error().code == "disk_full");
    REQUIRE(commit(**store, heavy("ex_3", "small")));
    auto reader = (*store)->open_reader();
    CHECK(!(*reader)->execution(kTenant, ExecutionId("ex_2")));
    CHECK((*reader)->logs(kTenant, {})->back().sequence == 2);
  }
  auto store = file.open();
  CHECK(commit(**store, heavy("ex_2", std::string(400'000, 'x'))));
}

TEST_CASE("a value that was moved to another row is not opened") {
  File file;
  fill(file);
  {
    auto store = file.open();
    REQUIRE(commit(**store, heavy("ex_2", "other")));
  }
  SQLite::Database(file.path().string(), SQLite::OPEN_READWRITE)
      .exec("UPDATE executions SET outputs = (SELECT outputs FROM executions WHERE id = 'ex_1')");
  auto store = file.open();
  auto reader = (*store)->open_reader();
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_1")));
  CHECK((*reader)->execution(kTenant, ExecutionId("ex_2")).error().code == "seal_broken");
}

TEST_CASE("the write-ahead log is begun anew, whoever moves it into the file") {
  File file;
  // In the background as well, or by the writer alone; only then its size does not hang on how threads are scheduled.
  const bool alone = GENERATE(true, false);
  auto store = file.open({.checkpoint_pages = alone ? 1'000'000 : 20, .restart_pages = 60});
  REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
  for (int i = 0; i < 100; ++i) REQUIRE(commit(**store, heavy("ex_" + std::to_string(i), std::string(500, 'x'))));
  if (alone) CHECK(std::filesystem::file_size(file.path().string() + "-wal") < 600'000);
  auto reader = (*store)->open_reader();
  CHECK((*reader)->counts()->executions == 100);
}

TEST_CASE("purges give space back, a little at a time") {
  File file;
  auto store = file.open({.spare_pages = 4, .vacuum_pages = 16});
  REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
  for (int i = 0; i < 200; ++i) {
    auto write = accept("ex_" + std::to_string(i));
    write.payload = Json{{"body", std::string(8000, 'x')}}.dump();
    REQUIRE(commit(**store, write));
  }
  const auto pages = [&] { return SQLite::Database(file.path().string()).execAndGet("PRAGMA page_count").getInt(); };
  const int full = pages();
  const store::PurgeExecutions purge{.tenant = kTenant, .ended_before = kNow + Duration(1), .limit = 50};
  REQUIRE(commit(**store, purge)->count == 50);
  const int first = pages();
  CHECK(first < full);
  CHECK(first >= full - 17);  // the pages that say where free ones are go, too
  for (int i = 0; i < 50; ++i) REQUIRE(commit(**store, purge));
  CHECK(pages() < full / 4);
  store->reset();
  CHECK(file.bytes_of().size() == static_cast<std::size_t>(pages()) * 4096);
}

TEST_CASE("a purge leaves nothing of what it deletes in any table") {
  File file;
  {
    auto store = file.open();
    REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
    auto write = heavy("ex_1", "text");
    write.dedupe = store::AcceptEvent::Dedupe{"key"};
    write.first->effects = {make_effect("ex_1", "announce", domain::EffectKind::kAnnounce)};
    REQUIRE(commit(**store, write));
    auto started = accept("ex_2");
    started.end_of = ExecutionId("ex_1");
    REQUIRE(commit(**store, started));
    REQUIRE(commit(**store, store::FinishEffects{kTenant, ExecutionId("ex_1"), {write.first->effects[0].id}}));
    store::AcceptEvent kept;
    kept.tenant = kTenant;
    kept.event = make_event("ev_kept");
    REQUIRE(commit(**store, kept));
    const Instant later = kNow + std::chrono::hours(24);  // the key's window has passed
    const store::PurgeExecutions purge{.tenant = kTenant, .ended_before = later, .limit = 5, .now = later};
    REQUIRE(commit(**store, purge)->count == 2);
  }
  SQLite::Database database(file.path().string());
  for (const char* table : {"executions", "events", "steps", "step_items", "attempts", "log_lines", "masked_values",
                            "dedupe_keys", "end_starts", "outbox"}) {
    INFO(table);
    CHECK(database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt() == 0);
  }
}

TEST_CASE("expired dedupe keys go") {
  File file;
  {
    auto store = file.open();
    REQUIRE(commit(**store, save_workflows({make_workflow("wf_1", "greet")})));
    for (int i = 0; i < 3; ++i) {
      auto write = accept("ex_" + std::to_string(i));
      write.event.received_at = kNow + std::chrono::hours(i);
      write.dedupe = store::AcceptEvent::Dedupe{"key-" + std::to_string(i), std::chrono::minutes(1)};
      REQUIRE(commit(**store, write));
    }
  }
  SQLite::Database database(file.path().string());
  CHECK(database.execAndGet("SELECT count(*) FROM dedupe_keys").getInt() == 1);
}

}  // namespace ipaas::test
