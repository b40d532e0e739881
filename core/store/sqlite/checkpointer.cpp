#include "core/store/sqlite/checkpointer.h"

#include <exception>

namespace ipaas::store::sqlite {

Checkpointer::Checkpointer(std::filesystem::path file, const SqliteOptions& options)
    : file_(std::move(file)), options_(options), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Checkpointer::~Checkpointer() {
  thread_.request_stop();
  grew_.notify_all();
  thread_.join();
}

void Checkpointer::wal_grew_to(int pages) {
  const std::lock_guard lock(mutex_);
  pages_ = pages;
  if (pages_ < checked_) checked_ = 0;  // the WAL was begun anew
  if (pages_ - checked_ >= options_.checkpoint_pages) grew_.notify_one();
}

void Checkpointer::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!grew_.wait(lock, stop, [this] { return pages_ - checked_ >= options_.checkpoint_pages; })) return;
      checked_ = pages_;
    }
    checkpoint();
  }
}

void Checkpointer::checkpoint() {
  try {
    if (!connection_) connection_ = std::make_unique<Connection>(file_, Connection::Mode::kCheckpoint, options_);
    connection_->checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  } catch (const std::exception&) {
    // Nothing is lost: the WAL keeps everything, and the writer meets the same disk and reports it.
    connection_.reset();
  }
}

}  // namespace ipaas::store::sqlite
