// Where the states of executions lie between two decisions.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "daemon/runtime/live_snapshot.h"

namespace ipaas::daemon {

/// Holds as much as its budget of bytes allows, over all executions; what was put there longest ago goes first, and is
/// read from the store again when it is needed. Not thread-safe.
class SnapshotShelf {
 public:
  explicit SnapshotShelf(std::size_t budget) : budget_(budget) {}

  /// Takes the place of what is there of the same execution. One that is larger than the budget is not kept.
  void put(LiveSnapshotPtr snapshot);
  /// Null where there is none (any more).
  [[nodiscard]] LiveSnapshotPtr take(const ExecutionId& execution);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  using Row = std::list<LiveSnapshotPtr>;

  LiveSnapshotPtr remove(Row::iterator place);

  const std::size_t budget_;
  std::size_t bytes_ = 0;
  Row row_;  ///< the one that was put there longest ago in front
  std::unordered_map<ExecutionId, Row::iterator> places_;
};

}  // namespace ipaas::daemon
