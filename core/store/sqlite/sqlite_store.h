// The store in one SQLite file.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/sealer.h"
#include "core/store/sqlite/options.h"
#include "core/store/store.h"

namespace ipaas::store {

/// Opens the file, or makes it, and brings it to the newest schema. What a crash left in the WAL is moved into the
/// file and durable before this returns. `sealer` must outlive the store and know every tenant that is written for.
///
/// The file and those beside it (-wal, -shm) are 0600 under any umask. The caller keeps a second daemon off the file;
/// other programs may read it. Errors name the file and say what to do; codes are `store_damaged`, `store_newer`,
/// `store_foreign`, `store_unwritable`, `store_busy`, `disk_full`, `disk_failed`.
///
/// The store has one thread of its own, which moves committed pages from the WAL into the file. Destroy readers before
/// the store: then nothing but the one file is left.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(std::filesystem::path file, Sealer& sealer,
                                                         SqliteOptions options = {});

}  // namespace ipaas::store
