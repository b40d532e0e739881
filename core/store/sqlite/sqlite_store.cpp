#include "core/store/sqlite/sqlite_store.h"

#include <algorithm>
#include <atomic>

#include "core/store/sqlite/checkpointer.h"
#include "core/store/sqlite/migrations.h"
#include "core/store/sqlite/reader.h"
#include "core/store/sqlite/write_session.h"

namespace ipaas::store {
namespace sqlite {
namespace {

/// Moves everything from the WAL into the file. Until this succeeds after a failed commit, what a reader sees may
/// vanish with the next loss of power.
void settle(Connection& connection) {
  if (!connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)) {
    throw SQLite::Exception("the write-ahead log is held by a reader", SQLITE_BUSY);
  }
}

bool purges(const std::vector<Write>& batch) {
  return std::any_of(batch.begin(), batch.end(),
                     [](const Write& write) { return std::holds_alternative<PurgeExecutions>(write); });
}

/// Gives a few of the pages that purges left back to the file system: few, because each that is in use at the end of
/// the file has to be moved, and not all, because what comes next will need some. How many, it says.
std::int64_t give_back(Connection& connection, const SqliteOptions& options) {
  const std::int64_t spare = std::max(options.spare_pages, connection.number("PRAGMA page_count") / 16);
  const std::int64_t pages = std::min(connection.number("PRAGMA freelist_count") - spare, options.vacuum_pages);
  if (pages <= 0) return 0;
  connection.execute("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")");
  return pages;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::filesystem::path file, Sealer& sealer, SqliteOptions options)
      : file_(std::move(file)),
        sealer_(sealer),
        options_(options),
        trusted_(std::make_shared<std::atomic<bool>>(true)) {
    prepare_file(file_);
    {
      Connection connection(file_, Connection::Mode::kWrite, options_);
      migrate(connection);
      connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    }
    open_session();
    checkpointer_ = std::make_unique<Checkpointer>(file_, options_);
  }

  ~SqliteStore() override {
    checkpointer_.reset();
    if (session_)
      static_cast<void>(guarded(file_, [&] { return session_->connection().checkpoint(SQLITE_CHECKPOINT_TRUNCATE); }));
  }

  std::vector<Result<Outcome>> commit(const std::vector<Write>& batch) override {
    auto results = writing([&] { return session_->commit(batch); });
    if (results) {
      if (purges(batch)) static_cast<void>(writing([&] { return give_back(session_->connection(), options_); }));
      return std::move(*results);
    }
    return std::vector<Result<Outcome>>(batch.size(), tl::unexpected<Error>(std::move(results.error())));
  }

  Result<std::size_t> release_orphans(domain::BootId boot) override {
    return writing([&] { return session_->release_orphans(boot); });
  }

  Result<std::unique_ptr<Reader>> open_reader() override {
    return guarded(file_, [&]() -> std::unique_ptr<Reader> {
      return std::make_unique<SqliteReader>(file_, sealer_, options_, trusted_, tally_);
    });
  }

 private:
  void open_session() {
    session_ = std::make_unique<WriteSession>(file_, sealer_, options_);
    session_->tell(*tally_);
    sqlite3_wal_hook(session_->connection().handle(), &SqliteStore::wal_grew, this);
  }

  static int wal_grew(void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteStore*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  }

  /// Runs a transaction on a connection that can be trusted, or says why there is none.
  template <typename Body>
  auto writing(Body&& body) -> Result<decltype(body())> {
    if (!session_) {
      if (auto recovered = recover(); !recovered) return tl::unexpected<Error>(std::move(recovered.error()));
    }
    try {
      auto result = body();
      session_->tell(*tally_);
      keep_wal_short();
      return result;
    } catch (const SQLite::Exception& exception) {
      Error error = explain(exception, file_);
      error.kind = ErrorKind::kUnavailable;
      if (loses_trust(exception)) {
        trusted_->store(false);
        session_.reset();
        // At once, so that who asks a reader next learns what became of the transaction; else before the next one.
        static_cast<void>(recover());
      }
      return tl::unexpected<Error>(std::move(error));
    }
  }

  Result<bool> recover() {
    auto recovered = guarded(file_, [&] {
      open_session();
      settle(session_->connection());
      trusted_->store(true);
      return true;
    });
    if (!recovered) {
      session_.reset();
      recovered.error().kind = ErrorKind::kUnavailable;
    }
    return recovered;
  }

  void keep_wal_short() {
    const int pages = std::exchange(wal_pages_, 0);
    if (pages == 0) return;
    if (pages < options_.restart_pages) return checkpointer_->wal_grew_to(pages);
    // The background, which is not woken any more, has copied nearly everything; once the rest is copied too, the next
    // commit begins the WAL anew. While it still copies, or a reader is in the way, this does nothing, and the commit
    // after this one tries again.
    static_cast<void>(guarded(file_, [&] { return session_->connection().checkpoint(SQLITE_CHECKPOINT_PASSIVE); }));
  }

  const std::filesystem::path file_;
  Sealer& sealer_;
  const SqliteOptions options_;
  const std::shared_ptr<std::atomic<bool>> trusted_;  ///< shared with the readers
  const std::shared_ptr<Tally> tally_ = std::make_shared<Tally>();  ///< shared with the readers
  std::unique_ptr<WriteSession> session_;             ///< none after a failure, until recovery
  int wal_pages_ = 0;                                 ///< after the last commit; 0 is unchanged
  std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite(std::filesystem::path file, Sealer& sealer, SqliteOptions options) {
  return sqlite::guarded(
      file, [&]() -> std::unique_ptr<Store> { return std::make_unique<sqlite::SqliteStore>(file, sealer, options); });
}

}  // namespace ipaas::store
