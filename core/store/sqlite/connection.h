// One open connection to the database file.
#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>
#include <unordered_map>

#include "core/store/sqlite/options.h"
#include "core/store/sqlite/statement.h"

namespace ipaas::store::sqlite {

/// Not thread-safe. Everything here throws SQLite::Exception.
class Connection {
 public:
  enum class Mode { kWrite, kCheckpoint, kRead };

  Connection(std::filesystem::path file, Mode mode, const SqliteOptions& options);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] sqlite3* handle() { return database_.getHandle(); }

  /// Runs statements that give no rows.
  void execute(const std::string& sql) { database_.exec(sql); }
  /// The first column of the first row; 0 when there is none.
  [[nodiscard]] std::int64_t number(const char* sql);

  /// The statement of this text, prepared once. `sql` must be a constant: it is known by its address.
  [[nodiscard]] Statement& prepared(const char* sql);

  [[nodiscard]] std::int64_t last_row() { return database_.getLastInsertRowid(); }
  [[nodiscard]] int changes() { return sqlite3_changes(handle()); }

  /// Ends a transaction if one is open. Never throws: an error here only says that it had ended.
  void roll_back() noexcept;

  /// Moves pages from the WAL into the file (`mode`: SQLITE_CHECKPOINT_…). False when readers kept it from finishing.
  bool checkpoint(int mode);

 private:
  std::filesystem::path file_;
  SQLite::Database database_;
  std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;
};

/// Makes the file if it is missing and sees to it that only its owner may touch it, whatever the umask; SQLite gives
/// the -wal and -shm beside it the same permissions. Throws Refusal.
void prepare_file(const std::filesystem::path& file);

}  // namespace ipaas::store::sqlite
