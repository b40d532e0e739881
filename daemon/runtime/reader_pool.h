// Connections for reading, lent to whoever is about to read.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/store/store.h"

namespace ipaas::daemon {

/// Opens a reader when none is free; keeps those that come back. Thread-safe; a loan belongs to one thread.
class ReaderPool {
 public:
  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<store::Reader> reader) : pool_(&pool), reader_(std::move(reader)) {}
    Loan(Loan&&) = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (reader_) pool_->give_back(std::move(reader_));
    }
    store::Reader& operator*() const { return *reader_; }
    store::Reader* operator->() const { return reader_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<store::Reader> reader_;
  };

  explicit ReaderPool(store::Store& store) : store_(store) {}

  [[nodiscard]] Result<Loan> borrow() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Loan loan(*this, std::move(free_.back()));
        free_.pop_back();
        return loan;
      }
    }
    auto reader = store_.open_reader();
    if (!reader) return tl::unexpected(reader.error());
    return Loan(*this, *std::move(reader));
  }

 private:
  void give_back(std::unique_ptr<store::Reader> reader) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(reader));
  }

  store::Store& store_;
  std::mutex mutex_;  ///< guards free_
  std::vector<std::unique_ptr<store::Reader>> free_;
};

}  // namespace ipaas::daemon
