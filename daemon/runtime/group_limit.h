// What follows when the concurrency group of an execution is full.
#pragma once

#include <cstdint>
#include <optional>

#include "core/domain/execution.h"
#include "core/language/workflow.h"

namespace ipaas::daemon {

/// Its beginning takes a slot: it is in a group, and no ancestor has a slot there already.
[[nodiscard]] inline bool takes_slot(const domain::Execution& execution) {
  return domain::own_group(execution).has_value();
}

/// A beginning that needs a slot, and what its workflow says for the case that there is none.
struct GroupClaim {
  language::Concurrency::OnLimit on_limit = language::Concurrency::OnLimit::kQueue;
  std::optional<int> queue_limit = {};

  /// A cancelled one ends in its own time, and a daemon may die before it has turned somebody away: look once more.
  static constexpr Duration kLookAgain = std::chrono::seconds(1);
  [[nodiscard]] bool looks_again() const { return on_limit != language::Concurrency::OnLimit::kQueue; }

  /// With so many in front of it: it is turned away and does not wait.
  [[nodiscard]] bool turns_away(std::int64_t queued_before) const {
    using OnLimit = language::Concurrency::OnLimit;
    if (on_limit == OnLimit::kSkip) return true;
    return on_limit == OnLimit::kQueue && queue_limit && queued_before >= *queue_limit;
  }
};

}  // namespace ipaas::daemon
