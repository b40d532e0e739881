// The one writer: everything that waits is committed at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/store/store.h"
#include "core/store/writer.h"

namespace ipaas::daemon {

/// Group commit. A thread of its own takes all writes that wait, has the store commit them in one transaction, and then
/// completes each. A write that is submitted while a commit is under way waits for the next one; so the busier it is,
/// the larger the groups. Callers that were just answered tend to come back together: after a large group it waits a
/// moment, never longer than a part of the last commit took, for as many again, since a commit costs the same for one.
class CommitQueue final : public store::Writer {
 public:
  explicit CommitQueue(store::Store& store);
  ~CommitQueue() override;

  void submit(store::Write write, Completion completion) override;

  /// Commits what waits and joins the thread.
  void stop();

 private:
  struct Waiting {
    store::Write write;
    Completion completion;
  };

  void run();
  /// The next group; empty when it is time to end.
  [[nodiscard]] std::vector<Waiting> gather();
  void commit(std::vector<Waiting> group);

  store::Store& store_;  ///< used by the writer thread only
  std::mutex mutex_;     ///< guards waiting_, wanted_ and closing_
  std::condition_variable arrived_;
  std::vector<Waiting> waiting_;
  std::size_t wanted_ = 1;  ///< writes that have to wait before the writer is woken
  bool closing_ = false;
  std::size_t last_group_ = 1;                       ///< the writer thread's
  std::chrono::steady_clock::duration last_commit_{};  ///< the writer thread's: how long it took
  std::jthread thread_;  ///< last: it starts when all the rest stands
};

}  // namespace ipaas::daemon
