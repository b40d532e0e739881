#include "core/store/sqlite/failure.h"

#include <sqlite3.h>

#include "core/store/refusals.h"

namespace ipaas::store::sqlite {
namespace {

int primary_code(const SQLite::Exception& exception) {
  return exception.getErrorCode() & 0xff;
}

}  // namespace

Error explain(const SQLite::Exception& exception, const std::filesystem::path& file) {
  const std::string name = file.string();
  // SQLite's own messages name tables and columns, never values.
  const std::string said = exception.getErrorStr();
  switch (primary_code(exception)) {
    case SQLITE_FULL:
      return {ErrorKind::kUnavailable, "the disk that holds " + name + " is full",
              "free space; writes go on by themselves", "disk_full"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::kUnavailable, name + " is locked by another program", "end the program that holds it",
              "store_busy"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::kInvalid, name + " is damaged or not a database (" + said + ")",
              "restore a backup; keep the file and its -wal for an examination", "store_damaged"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return {ErrorKind::kUnavailable, "cannot open " + name + " for writing (" + said + ")",
              "check that the file and its folder exist and belong to the user that runs the program",
              "store_unwritable"};
    case SQLITE_IOERR:
      return {ErrorKind::kUnavailable, "the disk that holds " + name + " failed (" + said + ")",
              "check the disk; the program tries again by itself", "disk_failed"};
    default:
      return {ErrorKind::kUnavailable, "the database " + name + " failed (" + said + ")", {}, "store_failed"};
  }
}

bool concerns_one_write(const SQLite::Exception& exception) {
  switch (primary_code(exception)) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return true;
    default:
      return false;
  }
}

Error explain_write(const SQLite::Exception& exception) {
  switch (primary_code(exception)) {
    case SQLITE_CONSTRAINT:
      return id_taken().value();
    case SQLITE_TOOBIG:
      return {ErrorKind::kTooLarge, "what is to be stored is larger than the database takes",
              "let the workflow carry less from step to step", "too_large"};
    default:
      return {ErrorKind::kInternal, "what is to be stored is not what the database takes (" +
                                        std::string(exception.getErrorStr()) + ")", {}, "store_failed"};
  }
}

bool loses_trust(const SQLite::Exception& exception) {
  if (concerns_one_write(exception)) return false;
  switch (primary_code(exception)) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return false;
    default:
      return true;
  }
}

}  // namespace ipaas::store::sqlite
