#include "daemon/runtime/snapshot_shelf.h"

namespace ipaas::daemon {

void SnapshotShelf::put(LiveSnapshotPtr snapshot) {
  const ExecutionId& execution = snapshot->execution().id;
  static_cast<void>(take(execution));
  if (snapshot->bytes() > budget_) return;
  while (bytes_ + snapshot->bytes() > budget_) static_cast<void>(remove(row_.begin()));
  bytes_ += snapshot->bytes();
  row_.push_back(std::move(snapshot));
  places_.emplace(row_.back()->execution().id, std::prev(row_.end()));
}

LiveSnapshotPtr SnapshotShelf::take(const ExecutionId& execution) {
  const auto found = places_.find(execution);
  return found == places_.end() ? nullptr : remove(found->second);
}

LiveSnapshotPtr SnapshotShelf::remove(Row::iterator place) {
  LiveSnapshotPtr snapshot = std::move(*place);
  bytes_ -= snapshot->bytes();
  places_.erase(snapshot->execution().id);
  row_.erase(place);
  return snapshot;
}

}  // namespace ipaas::daemon
