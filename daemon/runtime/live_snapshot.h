// The state of an execution in memory, and what it costs to keep.
#pragma once

#include <cstddef>
#include <memory>

#include "core/domain/execution.h"

namespace ipaas::daemon {

/// A snapshot that knows its size. Measured once as a whole; a change costs what it holds, not what the execution holds,
/// so that an execution of ten thousand steps costs as much a decision as one of ten. Not thread-safe.
class LiveSnapshot {
 public:
  explicit LiveSnapshot(domain::ExecutionSnapshot snapshot);

  [[nodiscard]] const domain::ExecutionSnapshot& get() const { return snapshot_; }
  [[nodiscard]] const domain::Execution& execution() const { return snapshot_.execution; }

  /// What it will be once the change is committed. Returns the bytes that the change itself holds, about.
  std::size_t apply(const domain::ExecutionChange& change);
  /// Of what has ended only the head is looked at again.
  void end(const domain::Execution& execution) { snapshot_.execution = execution; }

  /// Bytes of memory, about.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// What the engine counts of it: engine::kept_bytes().
  [[nodiscard]] std::size_t kept() const { return kept_; }

 private:
  domain::ExecutionSnapshot snapshot_;
  std::size_t execution_bytes_ = 0;  ///< what is large in it stays as it is to its end
  std::size_t bytes_ = 0;
  std::size_t kept_ = 0;
};

using LiveSnapshotPtr = std::shared_ptr<LiveSnapshot>;

}  // namespace ipaas::daemon
