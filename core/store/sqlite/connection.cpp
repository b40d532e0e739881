#include "core/store/sqlite/connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>

#include "core/store/sqlite/failure.h"

namespace ipaas::store::sqlite {
namespace {

/// SQLite counts every allocation under one global lock unless it is told not to, before it is first used.
void configure_library() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

int flags_for(Connection::Mode mode) {
  configure_library();
  return SQLITE_OPEN_NOMUTEX | (mode == Connection::Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
}

}  // namespace

Connection::Connection(std::filesystem::path file, Mode mode, const SqliteOptions& options)
    : file_(std::move(file)),
      database_(file_.string(), flags_for(mode), static_cast<int>(options.busy_timeout.count())) {
  sqlite3_extended_result_codes(handle(), 1);
  if (mode == Mode::kWrite) sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, options.longest_value);
  execute("PRAGMA mmap_size = 0");
  if (mode == Mode::kRead) {
    execute("PRAGMA query_only = ON");
    execute("PRAGMA cache_size = -1024");
    return;
  }
  // These two count only for a file that is still empty.
  execute("PRAGMA page_size = 4096");
  execute("PRAGMA auto_vacuum = INCREMENTAL");
  (void)number("PRAGMA journal_mode = WAL");
  execute("PRAGMA synchronous = FULL");
  (void)number("PRAGMA wal_autocheckpoint = 0");
  execute(mode == Mode::kWrite ? "PRAGMA cache_size = -4096" : "PRAGMA cache_size = -64");
  if (options.max_pages > 0) (void)number(("PRAGMA max_page_count = " + std::to_string(options.max_pages)).c_str());
}

std::int64_t Connection::number(const char* sql) {
  Statement statement(handle(), sql);
  Rows rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

Statement& Connection::prepared(const char* sql) {
  std::unique_ptr<Statement>& statement = statements_[sql];
  if (!statement) statement = std::make_unique<Statement>(handle(), sql);
  return *statement;
}

void Connection::roll_back() noexcept {
  if (sqlite3_get_autocommit(handle()) == 0) sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Connection::checkpoint(int mode) {
  int in_wal = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle(), nullptr, mode, &in_wal, &moved);
  if (code == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) throw SQLite::Exception(handle(), code);
  return in_wal == moved;
}

void prepare_file(const std::filesystem::path& file) {
  const auto refuse = [&](const char* what) {
    const std::string why = std::generic_category().message(errno);
    throw Refusal({ErrorKind::kUnavailable, std::string(what) + " " + file.string() + ": " + why,
                   "check that its folder exists and belongs to the user that runs the program", "store_unwritable"});
  };
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor < 0) refuse("cannot open");
  const bool restricted = ::fchmod(descriptor, S_IRUSR | S_IWUSR) == 0;
  ::close(descriptor);
  if (!restricted) refuse("cannot restrict");
}

}  // namespace ipaas::store::sqlite
