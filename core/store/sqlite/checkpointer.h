// Moves what was committed from the WAL into the database file, beside the writer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/store/sqlite/connection.h"

namespace ipaas::store::sqlite {

/// A checkpoint copies thousands of pages and waits for the disk twice; on the writer's thread every caller would feel
/// it. So a thread with a connection of its own does the bulk passively, which never blocks the writer. It leaves to
/// the writer only to begin the WAL anew, when next to nothing is left to copy.
class Checkpointer {
 public:
  Checkpointer(std::filesystem::path file, const SqliteOptions& options);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Says how many pages the WAL has. Thread-safe; returns at once.
  void wal_grew_to(int pages);

 private:
  void run(const std::stop_token& stop);
  void checkpoint();

  const std::filesystem::path file_;
  const SqliteOptions options_;
  std::unique_ptr<Connection> connection_;  ///< of the thread; opened when first needed
  std::mutex mutex_;
  std::condition_variable_any grew_;
  int pages_ = 0;    ///< guarded by mutex_
  int checked_ = 0;  ///< pages at the last checkpoint; guarded by mutex_
  std::jthread thread_;
};

}  // namespace ipaas::store::sqlite
