#include "tests/e2e/crash/verdict.h"

#include <sqlite3.h>

#include <cstdio>
#include <memory>
#include <set>
#include <unordered_map>

#include "core/domain/event.h"

namespace ipaas::test {
namespace {

constexpr int kSucceeded = 3;
constexpr int kFailed = 4;
const std::string kWebhookTrigger = std::to_string(static_cast<int>(domain::TriggerKind::kWebhook));
constexpr std::size_t kShownProblems = 20;

/// Read with SQLite itself: what the daemon says of its own database proves nothing here.
class Database {
 public:
  explicit Database(const std::filesystem::path& file) {
    sqlite3* handle = nullptr;
    ok_ = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
    handle_.reset(handle);
    sqlite3_busy_timeout(handle, 5000);
  }

  [[nodiscard]] bool ok() const { return ok_; }

  /// All rows, each column as text.
  [[nodiscard]] std::vector<std::vector<std::string>> rows(const char* sql) {
    std::vector<std::vector<std::string>> result;
    sqlite3_stmt* statement = nullptr;
    ok_ = sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr) == SQLITE_OK;
    int step = SQLITE_DONE;
    while (ok_ && (step = sqlite3_step(statement)) == SQLITE_ROW) {
      std::vector<std::string>& row = result.emplace_back();
      for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        const void* bytes = sqlite3_column_blob(statement, column);
        const int size = sqlite3_column_bytes(statement, column);
        row.emplace_back(bytes == nullptr ? "" : static_cast<const char*>(bytes), static_cast<std::size_t>(size));
      }
    }
    ok_ = ok_ && step == SQLITE_DONE;
    sqlite3_finalize(statement);
    return result;
  }

  [[nodiscard]] std::string value(const char* sql) {
    const auto found = rows(sql);
    return found.empty() || found.front().empty() ? "" : found.front().front();
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
  bool ok_ = false;
};

struct Ended {
  bool ended = false;
  int status = 0;
  std::string error;
};
using Executions = std::unordered_map<std::string, Ended>;

class Judge {
 public:
  explicit Judge(const Ledger::Facts& facts) : facts_(facts) {}

  Verdict verdict;

  void look_at(Database& database) {
    if (const std::string whole = database.value("PRAGMA integrity_check"); whole != "ok") {
      complain("integrity_check says: " + whole);
    }
    if (database.value("SELECT count(*) FROM log_lines") != database.value("SELECT max(sequence) FROM log_lines")) {
      complain("the sequence of the log has gaps");
    }
    if (database.value("SELECT count(*) FROM outbox") != "0") complain("effects are left in the outbox");
    const auto rows =
        database.rows("SELECT id, ended_at IS NOT NULL, status, coalesce(error_code, ''), trigger FROM executions");
    std::uint64_t webhooks = 0;
    for (const auto& row : rows) {
      executions_[row[0]] = {row[1] == "1", std::atoi(row[2].c_str()), row[3]};
      if (row[4] == kWebhookTrigger) ++webhooks;
    }
    if (!database.ok()) complain("the database cannot be read");
    verdict.executions = executions_.size();
    if (webhooks > facts_.sent.size()) complain("there are more executions than webhooks were sent");
    for (const auto& [id, ended] : executions_) {
      if (!ended.ended) complain("execution " + id + " has not ended");
    }
  }

  void look_at_promises() {
    std::set<std::string> promised;
    for (const auto& [id, sent] : facts_.sent) {
      Tally& tally = verdict.tallies[sent.kind];
      ++tally.sent;
      if (sent.execution.empty()) continue;
      ++tally.accepted;
      if (!promised.insert(sent.execution).second) complain("two webhooks were promised execution " + sent.execution);
      look_at_promise(id, sent, tally);
    }
  }

  /// Also of what was not promised: a webhook without an answer may have been accepted, but only once.
  void look_at_deliveries() {
    for (const auto& [place, delivery] : facts_.delivered) {
      const auto& [id, part] = place;
      const std::string what = id + " " + part;
      if (delivery.contradictory) complain(what + " came under two executions or idempotency keys");
      if (!executions_.contains(delivery.execution)) complain(what + " came from an execution that is not there");
      if (id.starts_with(kTickPrefix)) {
        ++verdict.ticks;
        continue;
      }
      const auto sent = facts_.sent.find(id);
      if (sent == facts_.sent.end()) {
        complain("an effect that no webhook asked for: " + what);
        continue;
      }
      Tally& tally = verdict.tallies[sent->second.kind];
      if (workload(sent->second.kind).repeatable) {
        tally.repeated += delivery.times - 1;
      } else if (delivery.times > 1) {
        ++tally.doubled;
        complain(what + " was sent " + std::to_string(delivery.times) + " times");
      }
    }
  }

 private:
  void look_at_promise(const std::string& id, const Sent& sent, Tally& tally) {
    const auto execution = executions_.find(sent.execution);
    if (execution == executions_.end()) return lose(tally, id + ": execution " + sent.execution + " is not there");
    const Workload& load = workload(sent.kind);
    const Ended& ended = execution->second;
    // An action that must not be repeated may end with its outcome unknown, and then it says so.
    const bool unknown = !load.repeatable && ended.status == kFailed && ended.error == "outcome_unknown";
    if (ended.status != kSucceeded && !unknown) {
      return lose(tally, id + ": execution " + sent.execution + " ended as " + std::to_string(ended.status) + " " +
                             ended.error);
    }
    const std::uint64_t arrived = parts_that_arrived(id, sent.execution);
    if (arrived > load.effects) complain(id + " had " + std::to_string(arrived) + " effects");
    if (arrived < load.effects && !unknown) {
      return lose(tally, id + " succeeded, and only " + std::to_string(arrived) + " of its effects came");
    }
    ++tally.executed;
    tally.effects += load.effects;
    tally.delivered += arrived;
    tally.unknown += unknown ? 1 : 0;
  }

  std::uint64_t parts_that_arrived(const std::string& id, const std::string& execution) {
    std::uint64_t count = 0;
    for (auto it = facts_.delivered.lower_bound({id, ""}); it != facts_.delivered.end() && it->first.first == id;
         ++it) {
      if (it->second.execution != execution) complain(id + " was executed under another id");
      ++count;
    }
    return count;
  }

  void lose(Tally& tally, std::string problem) {
    ++tally.lost;
    complain(std::move(problem));
  }

  void complain(std::string problem) {
    if (verdict.problems.size() < kShownProblems) verdict.problems.push_back(std::move(problem));
  }

  const Ledger::Facts& facts_;
  Executions executions_;
};

}  // namespace

std::int64_t unfinished(const std::filesystem::path& file) {
  Database database(file);
  if (!database.ok()) return -1;
  const std::string count =
      database.value("SELECT (SELECT count(*) FROM executions WHERE ended_at IS NULL) + (SELECT count(*) FROM outbox)");
  return count.empty() ? -1 : std::atoll(count.c_str());
}

void Tally::add(const Tally& other) {
  sent += other.sent;
  accepted += other.accepted;
  executed += other.executed;
  effects += other.effects;
  delivered += other.delivered;
  unknown += other.unknown;
  repeated += other.repeated;
  lost += other.lost;
  doubled += other.doubled;
}

Tally total(const Verdict& verdict) {
  Tally all;
  for (const auto& [kind, tally] : verdict.tallies) all.add(tally);
  return all;
}

Verdict judge(const Ledger::Facts& facts, const std::filesystem::path& file) {
  Judge judge(facts);
  Database database(file);
  judge.look_at(database);
  judge.look_at_promises();
  judge.look_at_deliveries();
  return std::move(judge.verdict);
}

void print(const Verdict& verdict) {
  std::printf("%-12s %9s %9s %9s %9s %9s %9s %9s %6s %8s\n", "workflow", "sent", "accepted", "executed", "effects",
              "delivered", "unknown", "repeated", "lost", "doubled");
  for (const auto& [kind, tally] : verdict.tallies) {
    std::printf("%-12s %9lu %9lu %9lu %9lu %9lu %9lu %9lu %6lu %8lu\n", std::string(workload(kind).name).c_str(),
                tally.sent, tally.accepted, tally.executed, tally.effects, tally.delivered, tally.unknown,
                tally.repeated, tally.lost, tally.doubled);
  }
  for (const std::string& problem : verdict.problems) std::printf("WRONG: %s\n", problem.c_str());
}

}  // namespace ipaas::test
