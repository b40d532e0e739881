// Deliveries of which nothing is kept, on their way into the store: few a second, whatever comes in.
#pragma once

#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "core/store/writer.h"

namespace ipaas::daemon {

/// A flood of garbage must cost neither disk nor throughput: of each workflow, and of all together, only so many a second
/// are remembered, and they are written at most once a second. Thread-safe.
class DeliveryLog {
 public:
  struct Parts {
    store::Writer& writer;
    IdSource& ids;
    const Clock& clock;
    /// Runs a task, which must not block, at an instant.
    std::function<void(Instant, std::function<void()>)> at;
  };

  static constexpr int kEachSecond = 10;      ///< of one workflow
  static constexpr int kAllEachSecond = 100;  ///< of all workflows

  explicit DeliveryLog(Parts parts) : parts_(std::move(parts)) {}

  /// Without its id, which is given here.
  void note(domain::Delivery delivery);

  /// Writes what waits; `done` is called when it is written or cannot be, on any thread.
  void settle(std::function<void()> done);

 private:
  [[nodiscard]] bool within_limits(const WorkflowId& workflow, Instant now);

  const Parts parts_;
  std::mutex mutex_;  ///< guards what follows
  std::vector<domain::Delivery> waiting_;
  Instant second_{};  ///< that the counts are about
  int noted_ = 0;
  std::unordered_map<WorkflowId, int> noted_of_;
};

}  // namespace ipaas::daemon
