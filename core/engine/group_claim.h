// What follows when the concurrency group of an execution is full.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/domain/execution.h"
#include "core/language/workflow.h"

namespace ipaas::engine {

/// A beginning that needs a slot, and what its workflow says for the case that there is none.
struct GroupClaim {
  language::Concurrency::OnLimit on_limit = language::Concurrency::OnLimit::kQueue;
  std::optional<int> queue_limit = {};
  /// Since when it waits, where those who wait for it have slots themselves: two that have what the other one needs would
  /// wait for ever.
  std::optional<Instant> held_up_since = {};

  /// Of an execution that is about to begin.
  [[nodiscard]] static GroupClaim of(const domain::Execution& execution, const language::Workflow& workflow) {
    GroupClaim claim;
    if (workflow.concurrency) claim = {workflow.concurrency->on_limit, workflow.concurrency->queue_limit};
    if (execution.parent && !execution.held.empty()) claim.held_up_since = execution.created_at;
    return claim;
  }

  static constexpr Duration kLongestHoldUp = std::chrono::hours(24);

  /// When to look once more without a slot having come free; nothing: never. A daemon may die before it has turned somebody
  /// away, or before it has cancelled who runs. That one ends in its own time, and its end wakes the next; so the longer
  /// that takes, the rarer are the looks.
  [[nodiscard]] std::optional<Instant> look_again(Instant created, Instant now) const {
    if (on_limit != language::Concurrency::OnLimit::kQueue) {
      return now + std::clamp<Duration>(now - created, std::chrono::seconds(1), std::chrono::minutes(1));
    }
    if (held_up_since) return std::max(*held_up_since + kLongestHoldUp, now + std::chrono::seconds(1));
    return std::nullopt;
  }

  /// With so many in front of it: it is turned away and does not wait.
  [[nodiscard]] bool turns_away(std::int64_t queued_before) const {
    using OnLimit = language::Concurrency::OnLimit;
    if (on_limit == OnLimit::kSkip) return true;
    return on_limit == OnLimit::kQueue && queue_limit && queued_before >= *queue_limit;
  }

  /// It has waited for as long as it may.
  [[nodiscard]] bool gives_up(Instant now) const { return held_up_since && now - *held_up_since >= kLongestHoldUp; }
};

}  // namespace ipaas::engine
