// The one writer: everything that waits is committed at once.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/store/store.h"
#include "core/store/writer.h"

namespace ipaas::daemon {

/// Group commit. A thread of its own takes all writes that wait, has the store commit them in one transaction, and then
/// completes each. A write that is submitted while a commit is under way waits for the next one; so the busier it is,
/// the larger the groups.
class CommitQueue final : public store::Writer {
 public:
  explicit CommitQueue(store::Store& store);
  ~CommitQueue() override;

  /// From stop() on it does nothing, as if the process had ended: nobody is told.
  void submit(store::Write write, Completion completion) override;

  /// Commits what waits and joins the thread.
  void stop();

 private:
  /// Writes and, in the same places, whom to tell.
  struct Group {
    std::vector<store::Write> writes;
    std::vector<Completion> completions;
    [[nodiscard]] std::size_t size() const { return writes.size(); }
  };

  void run();
  /// The next group; empty when it is time to end.
  [[nodiscard]] Group gather();

  store::Store& store_;  ///< used by the writer thread only
  std::mutex mutex_;     ///< guards waiting_ and closing_
  std::condition_variable arrived_;
  Group waiting_;
  bool closing_ = false;
  std::jthread thread_;  ///< last: it starts when all the rest stands
};

}  // namespace ipaas::daemon
