#include "core/store/sqlite/migrations.h"

#include "core/store/sqlite/failure.h"

namespace ipaas::store::sqlite {
namespace {

std::string called(const Connection& connection) {
  return connection.file().string();
}

void refuse_foreign_or_newer(Connection& connection, int version, int newest) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const bool empty = version == 0 && application == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplicationId && !empty) {
    throw Refusal({ErrorKind::kInvalid, called(connection) + " is an SQLite database of another program",
                   "choose another file or data directory", "store_foreign"});
  }
  if (version > newest) {
    throw Refusal({ErrorKind::kInvalid,
                   called(connection) + " has schema version " + std::to_string(version) +
                       ", and this program knows versions up to " + std::to_string(newest),
                   "start the newer program that wrote it, or restore a backup made before the upgrade",
                   "store_newer"});
  }
}

void apply(Connection& connection, const Migration& migration) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    connection.execute(std::string(migration.sql));
    // Both pragmas write the header of the file, and so belong to the transaction.
    connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    connection.execute("PRAGMA user_version = " + std::to_string(migration.number));
    connection.execute("COMMIT");
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

}  // namespace

std::vector<Migration> all_migrations() {
  std::vector<Migration> migrations;
  // The build sorts the files by name, and the name begins with the number.
  for (const EmbeddedFile& file : migration_files()) {
    migrations.push_back({static_cast<int>(migrations.size()) + 1, file.content});
  }
  return migrations;
}

void migrate(Connection& connection, const std::vector<Migration>& migrations) {
  const auto version = static_cast<int>(connection.number("PRAGMA user_version"));
  refuse_foreign_or_newer(connection, version, migrations.empty() ? 0 : migrations.back().number);
  for (const Migration& migration : migrations) {
    if (migration.number > version) apply(connection, migration);
  }
}

}  // namespace ipaas::store::sqlite
