// Which instants of a schedule fire now, and which are let go. Pure: the time and what was seen of it are handed in.
#pragma once

#include <vector>

#include "core/service/schedule_rule.h"
#include "core/store/writer.h"

namespace ipaas::service {

/// At most so many missed instants are made up for, the newest of them.
inline constexpr std::size_t kMostCaughtUp = 1000;

struct TickPlan {
  /// In the order of their instants; each stands where the one before it moves the schedule to. At most kTicksAtOnce:
  /// whoever fires them plans again from `then`.
  std::vector<store::AcceptEvent::Tick> ticks;
  /// Where the schedule stands afterwards, also when nothing fires; nothing when it never fires again.
  std::optional<DueTime> then;
};

inline constexpr std::size_t kTicksAtOnce = 64;

/// An instant is missed when nobody watched the clock at the time it should have fired, that is, before
/// `watched_since`, or when it could not be fired for a minute. Of those, `catchup` says which fire: none, the last,
/// unless a newer one is on time, or all, at most kMostCaughtUp, and none that is older than the window. What is not
/// missed fires, every one. The schedule has a `next_due` that is not after `now`.
///
/// The work is bounded however long ago the schedule was looked at last.
[[nodiscard]] TickPlan plan_ticks(const domain::Schedule& schedule, const language::ScheduleOn& on,
                                  const ScheduleRule& rule, Instant now, Instant watched_since);

}  // namespace ipaas::service
