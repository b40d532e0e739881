#include "core/store/sqlite/statement.h"

#include <SQLiteCpp/Exception.h>

namespace ipaas::store::sqlite {

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SQLite::Exception(sqlite3_db_handle(statement_), code);
}

std::string_view Rows::view(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

Statement::Statement(sqlite3* database, const char* sql) {
  const int code = sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw SQLite::Exception(database, code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw SQLite::Exception(sqlite3_db_handle(statement_), code);
}

void Statement::run_to_end() {
  int code = sqlite3_step(statement_);
  while (code == SQLITE_ROW) code = sqlite3_step(statement_);
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_);
    return;
  }
  const SQLite::Exception exception(sqlite3_db_handle(statement_), code);
  sqlite3_reset(statement_);
  throw exception;
}

}  // namespace ipaas::store::sqlite
