#include "daemon/runtime/worker_pool.h"

#include "daemon/crash_report.h"

namespace ipaas::daemon {

WorkerPool::WorkerPool(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_all();
  threads_.clear();
}

void WorkerPool::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    // A task that posts itself anew must not keep a thread for ever.
    if (closing_) return;
    tasks_.push_back(std::move(task));
  }
  arrived_.notify_one();
}

void WorkerPool::run() {
  const FaultStack fault_stack;
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace ipaas::daemon
