// The schema, and how a file gets to it.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/embedded_file.h"
#include "core/store/sqlite/connection.h"

namespace ipaas::store::sqlite {

struct Migration {
  int number = 0;  ///< from 1, without a gap; `PRAGMA user_version` after it
  std::string_view sql;
};

/// The files of core/store/migrations, which the build puts into the program.
[[nodiscard]] EmbeddedFiles migration_files();

/// Every migration that this program knows, in order: `0001_initial.sql` is the first.
[[nodiscard]] std::vector<Migration> all_migrations();

/// Marks a file as ours (`PRAGMA application_id`): "ipaa".
inline constexpr int kApplicationId = 0x69706161;

/// Brings the file to the newest schema, one transaction a migration. Throws Refusal for a file of another program
/// (`store_foreign`) or of a newer one (`store_newer`), and SQLite::Exception.
void migrate(Connection& connection, const std::vector<Migration>& migrations = all_migrations());

}  // namespace ipaas::store::sqlite
