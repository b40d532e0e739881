#include "daemon/runtime/commit_queue.h"

#include <algorithm>
#include <iterator>

namespace ipaas::daemon {
namespace {

/// Bounds the time of one commit, and with it the wait of whoever comes next.
constexpr std::size_t kLargestGroup = 1024;
/// A smaller group is not worth waiting for.
constexpr std::size_t kLargeGroup = 4;
constexpr auto kLongestGathering = std::chrono::milliseconds(2);

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
  bool enough = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(write), std::move(completion)});
    enough = waiting_.size() == wanted_;
  }
  if (enough) arrived_.notify_one();
}

void CommitQueue::run() {
  for (;;) {
    std::vector<Waiting> group = gather();
    if (group.empty()) return;
    last_group_ = group.size();
    const auto began = std::chrono::steady_clock::now();
    commit(std::move(group));
    last_commit_ = std::chrono::steady_clock::now() - began;
  }
}

std::vector<CommitQueue::Waiting> CommitQueue::gather() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
  if (last_group_ >= kLargeGroup && waiting_.size() < last_group_ && !closing_) {
    wanted_ = last_group_;
    const auto time = std::min<std::chrono::steady_clock::duration>(last_commit_ / 2, kLongestGathering);
    arrived_.wait_for(lock, time, [this] { return closing_ || waiting_.size() >= wanted_; });
    wanted_ = 1;
  }
  std::vector<Waiting> group;
  if (waiting_.size() <= kLargestGroup) {
    group.swap(waiting_);
  } else {
    const auto end = waiting_.begin() + kLargestGroup;
    group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  return group;
}

void CommitQueue::commit(std::vector<Waiting> group) {
  std::vector<store::Write> writes;
  writes.reserve(group.size());
  for (Waiting& waiting : group) writes.push_back(std::move(waiting.write));
  std::vector<Result<store::Outcome>> outcomes = store_.commit(std::move(writes));
  for (std::size_t i = 0; i < group.size(); ++i) group[i].completion(std::move(outcomes[i]));
}

}  // namespace ipaas::daemon
