#include "daemon/runtime/commit_queue.h"

#include <iterator>

namespace ipaas::daemon {
namespace {

/// Bounds the time of one commit, and with it the wait of whoever comes next.
constexpr std::size_t kLargestGroup = 1024;

}  // namespace

CommitQueue::CommitQueue(store::Store& store) : store_(store), thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() { stop(); }

void CommitQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CommitQueue::submit(store::Write write, Completion completion) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = waiting_.empty();
    waiting_.push_back({std::move(write), std::move(completion)});
  }
  if (first) arrived_.notify_one();
}

void CommitQueue::run() {
  for (;;) {
    std::vector<Waiting> group;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      if (waiting_.size() <= kLargestGroup) {
        group.swap(waiting_);
      } else {
        const auto end = waiting_.begin() + kLargestGroup;
        group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
      }
    }
    commit(std::move(group));
  }
}

void CommitQueue::commit(std::vector<Waiting> group) {
  std::vector<store::Write> writes;
  writes.reserve(group.size());
  for (Waiting& waiting : group) writes.push_back(std::move(waiting.write));
  std::vector<Result<store::Outcome>> outcomes = store_.commit(std::move(writes));
  for (std::size_t i = 0; i < group.size(); ++i) group[i].completion(std::move(outcomes[i]));
}

}  // namespace ipaas::daemon
