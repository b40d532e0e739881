// What may be chosen about an SQLite store.
#pragma once

#include <cstdint>

#include "core/base/clock.h"

namespace ipaas::store {

struct SqliteOptions {
  Duration busy_timeout = std::chrono::seconds(2);  ///< how long another program may hold the write lock
  std::int64_t max_pages = 0;                       ///< bound of the file in pages of 4 KiB; 0 is none
  int checkpoint_pages = 1000;                      ///< new pages in the WAL that wake the background checkpoint
  int restart_pages = 8192;                         ///< pages in the WAL at which the writer itself begins it anew
  std::int64_t spare_pages = 1024;                  ///< free pages that the file keeps, or a sixteenth of it
  std::int64_t vacuum_pages = 256;                  ///< at most so many are given back after a purge
  int longest_value = 1'000'000'000;                ///< bytes of a value or of a row; what is longer is refused
};

}  // namespace ipaas::store
