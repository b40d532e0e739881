// The instants of one schedule, and when the execution of each starts.
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.h"
#include "core/language/cron.h"
#include "core/language/workflow.h"

namespace ipaas::service {

/// How much later than its instant an execution starts: a hash of both, at least zero and below `limit`, so that every
/// daemon and every restart come to the same.
[[nodiscard]] Duration jitter_of(const ScheduleId& schedule, Instant instant, Duration limit);

/// An instant of a schedule, and when its execution starts.
struct DueTime {
  Instant at{};
  Instant fires{};
};

/// Immutable.
class ScheduleRule {
 public:
  /// Nothing where the expression or the zone is none.
  [[nodiscard]] static std::optional<ScheduleRule> of(const ScheduleId& id, const language::ScheduleOn& on);

  /// The first instant after `from`, or at it when inclusive; nothing when it never comes again.
  [[nodiscard]] std::optional<Instant> next(Instant from, bool inclusive = false) const;
  /// The last instant before `from`, or at it when inclusive.
  [[nodiscard]] std::optional<Instant> previous(Instant from, bool inclusive = false) const;
  /// When the execution of the instant starts: with its jitter, and always before the instant that follows.
  [[nodiscard]] Instant fires(Instant instant) const;
  [[nodiscard]] std::optional<DueTime> next_due(Instant after) const;

 private:
  ScheduleRule(ScheduleId id, language::CronSchedule cron, const date::time_zone& zone, Duration jitter)
      : id_(std::move(id)), cron_(cron), zone_(&zone), jitter_(jitter) {}

  ScheduleId id_;
  language::CronSchedule cron_;
  const date::time_zone* zone_;
  Duration jitter_;
};

/// The trigger of the definition that the stored schedule belongs to; null where there is none (any more).
[[nodiscard]] const language::ScheduleOn* trigger_of(const language::Workflow& definition,
                                                     const domain::Schedule& schedule);

}  // namespace ipaas::service
