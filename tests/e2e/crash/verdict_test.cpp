// The judge of the crash and fault tests finds what it is there to find.
#include "tests/e2e/crash/verdict.h"

#include <sqlite3.h>
#include <stdlib.h>  // mkdtemp is not in <cstdlib>

#include <algorithm>
#include <stdexcept>

#include "core/domain/trigger.h"
#include "tests/support/catch.h"

using namespace ipaas::test;

namespace {

/// The tables that the judge reads, with what the test puts into them.
class History {
 public:
  History() : directory_((std::filesystem::temp_directory_path() / "ipaas-verdict.XXXXXX").string()) {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("no temporary directory");
    run("CREATE TABLE executions (id TEXT, status INTEGER, error_code TEXT, ended_at INTEGER, trigger INTEGER);"
        "CREATE TABLE outbox (id TEXT); CREATE TABLE log_lines (sequence INTEGER);"
        "INSERT INTO log_lines VALUES (1), (2)");
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  ~History() { std::filesystem::remove_all(directory_); }

  void run(const std::string& sql) const {
    sqlite3* database = nullptr;
    sqlite3_open(file().c_str(), &database);
    const int done = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(database);
    if (done != SQLITE_OK) throw std::runtime_error(sql);
  }
  void add_execution(const std::string& id, int status, const std::string& error = "NULL",
                     const std::string& ended = "1") const {
    run("INSERT INTO executions VALUES ('" + id + "', " + std::to_string(status) + ", " + error + ", " + ended + ", " +
        std::to_string(static_cast<int>(ipaas::domain::TriggerKind::kWebhook)) + ")");
  }
  [[nodiscard]] std::filesystem::path file() const { return std::filesystem::path(directory_) / "ipaas.db"; }

 private:
  std::string directory_;
};

constexpr int kSucceeded = 3;
constexpr int kFailed = 4;

/// Of a webhook that was promised an execution and made one request, all as it should be.
struct Story {
  History history;
  Ledger ledger;
  std::string id;

  explicit Story(Kind kind) : id(ledger.new_id(kind)) { ledger.accepted(id, "ex_1"); }

  void deliver(const std::string& part = "only", const std::string& execution = "ex_1", const std::string& key = "k") {
    ledger.delivered(id, part, execution, key + part);
  }
  [[nodiscard]] Verdict verdict() const { return judge(ledger.facts(), history.file()); }
  [[nodiscard]] bool complains_of(const std::string& what) const {
    const Verdict found = verdict();
    return std::any_of(found.problems.begin(), found.problems.end(),
                       [&](const std::string& problem) { return problem.find(what) != std::string::npos; });
  }
};

}  // namespace

TEST_CASE("the judge is content with a promise that was kept") {
  Story story(Kind::kPut);
  story.history.add_execution("ex_1", kSucceeded);
  story.deliver();
  story.deliver();
  const Verdict verdict = story.verdict();
  CHECK(verdict.problems.empty());
  CHECK(total(verdict).executed == 1);
  CHECK(total(verdict).repeated == 1);
  CHECK(total(verdict).lost == 0);
}

TEST_CASE("the judge sees a promise without an execution") {
  const Story story(Kind::kSet);
  CHECK(total(story.verdict()).lost == 1);
  CHECK(story.complains_of("is not there"));
}

TEST_CASE("the judge sees an execution that has not ended, or has failed") {
  Story open(Kind::kSet);
  open.history.add_execution("ex_1", 1, "NULL", "NULL");
  CHECK(open.complains_of("has not ended"));
  Story failed(Kind::kPut);
  failed.history.add_execution("ex_1", kFailed, "'timeout'");
  CHECK(total(failed.verdict()).lost == 1);
}

TEST_CASE("the judge lets only what must not be repeated end with its outcome unknown") {
  Story post(Kind::kPost);
  post.history.add_execution("ex_1", kFailed, "'outcome_unknown'");
  CHECK(post.verdict().problems.empty());
  CHECK(total(post.verdict()).unknown == 1);
  Story put(Kind::kPut);
  put.history.add_execution("ex_1", kFailed, "'outcome_unknown'");
  CHECK(total(put.verdict()).lost == 1);
}

TEST_CASE("the judge sees an effect that is missing, one too many, and one that came twice") {
  Story missing(Kind::kLoop);
  missing.history.add_execution("ex_1", kSucceeded);
  missing.deliver("0");
  missing.deliver("2");
  CHECK(missing.complains_of("only 2 of its effects came"));
  missing.deliver("1");
  CHECK(missing.verdict().problems.empty());
  missing.deliver("3");
  CHECK(missing.complains_of("had 4 effects"));
  Story twice(Kind::kPost);
  twice.history.add_execution("ex_1", kSucceeded);
  twice.deliver();
  twice.deliver();
  CHECK(total(twice.verdict()).doubled == 1);
  CHECK(twice.complains_of("was sent 2 times"));
}

TEST_CASE("the judge sees two executions, or two keys, under one id") {
  Story executions(Kind::kPut);
  executions.history.add_execution("ex_1", kSucceeded);
  executions.history.add_execution("ex_2", kSucceeded);
  executions.deliver();
  executions.deliver("only", "ex_2");
  CHECK(executions.complains_of("two executions or idempotency keys"));
  CHECK(executions.complains_of("more executions than webhooks"));
  Story keys(Kind::kPut);
  keys.history.add_execution("ex_1", kSucceeded);
  keys.deliver();
  keys.deliver("only", "ex_1", "another");
  CHECK(keys.complains_of("two executions or idempotency keys"));
}

TEST_CASE("the judge sees an outbox that is not empty, a gap in the log and an effect of nobody") {
  Story story(Kind::kSet);
  story.history.add_execution("ex_1", kSucceeded);
  CHECK(story.verdict().problems.empty());
  story.history.run("INSERT INTO outbox VALUES ('e'); INSERT INTO log_lines VALUES (4)");
  story.ledger.delivered("id-of-nobody", "only", "ex_1", "k");
  CHECK(story.complains_of("outbox"));
  CHECK(story.complains_of("gaps"));
  CHECK(story.complains_of("no webhook asked for"));
}
