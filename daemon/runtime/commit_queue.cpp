#include "daemon/runtime/commit_queue.h"

#include <algorithm>
#include <iterator>

namespace ipaas::daemon {
namespace {

/// Bounds the time of one commit, and with it the wait of whoever comes next.
constexpr std::size_t kLargestGroup = 1024;

template <typename Item>
std::vector<Item> take_first(std::vector<Item>& items, std::size_t count) {
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Item> first(std::make_move_iterator(items.begin()), std::make_move_iterator(end));
  items.erase(items.begin(), end);
  return first;
}

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
    // A completion that writes again and again must not keep the thread for ever.
    if (closing_) return;
    waiting_.writes.push_back(std::move(write));
    waiting_.completions.push_back(std::move(completion));
    first = waiting_.size() == 1;
  }
  if (first) arrived_.notify_one();
}

void CommitQueue::run() {
  for (;;) {
    Group group = gather();
    if (group.size() == 0) return;
    std::vector<Result<store::Outcome>> outcomes = store_.commit(group.writes);
    for (std::size_t i = 0; i < group.size(); ++i) group.completions[i](std::move(outcomes[i]));
  }
}

CommitQueue::Group CommitQueue::gather() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return closing_ || waiting_.size() > 0; });
  Group group;
  if (waiting_.size() <= kLargestGroup) {
    std::swap(group, waiting_);
  } else {
    group.writes = take_first(waiting_.writes, kLargestGroup);
    group.completions = take_first(waiting_.completions, kLargestGroup);
  }
  return group;
}

}  // namespace ipaas::daemon
