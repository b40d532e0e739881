// Threads that compute. No task may wait for a network.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ipaas::daemon {

/// Runs tasks in the order they were posted, on a fixed number of threads. Thread-safe. A task must not throw: what it
/// may throw it catches, since only it knows whom to tell.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  explicit WorkerPool(std::size_t threads);
  ~WorkerPool();

  /// From stop() on it does nothing.
  void post(Task task);

  /// Runs what was posted before and joins.
  void stop();
  [[nodiscard]] std::size_t size() const { return threads_.size(); }

 private:
  void run();

  std::mutex mutex_;  ///< guards tasks_ and closing_
  std::condition_variable arrived_;
  std::deque<Task> tasks_;
  bool closing_ = false;
  std::vector<std::jthread> threads_;  ///< last: they start when all the rest stands
};

}  // namespace ipaas::daemon
