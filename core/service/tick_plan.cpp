#include "core/service/tick_plan.h"

#include <algorithm>

namespace ipaas::service {
namespace {

/// Whoever watches the clock and still cannot fire an instant for so long has missed it.
constexpr Duration kLatest = std::chrono::minutes(1);

/// One decision in the making. Walks backwards from now: what lies between the schedule and now may be a month of seconds.
class Planner {
 public:
  Planner(const domain::Schedule& schedule, const language::ScheduleOn& on, const ScheduleRule& rule, Instant now)
      : on_(on), rule_(rule), now_(now), stands_(*schedule.next_due), stands_fires_(*firing_instant(schedule)) {}

  TickPlan plan(Instant watched_since) {
    const Instant last = newest();
    std::optional<Instant> at = last;
    const Instant on_time = std::max(watched_since, now_ - kLatest);
    for (; at && fires(*at) >= on_time; at = before(*at)) instants_.push_back(*at);
    if (at) catch_up(at);
    std::reverse(instants_.begin(), instants_.end());
    return ticks(last);
  }

 private:
  /// The newest instant that is to fire by now. The one at which the schedule stands always is.
  [[nodiscard]] Instant newest() const {
    std::optional<Instant> at = rule_.previous(now_, true);
    if (at && *at > stands_ && rule_.fires(*at) > now_) at = rule_.previous(*at);
    return at ? std::max(*at, stands_) : stands_;
  }

  [[nodiscard]] Instant fires(Instant instant) const {
    return instant == stands_ ? stands_fires_ : rule_.fires(instant);
  }

  /// Nothing where the schedule stands at `instant`.
  [[nodiscard]] std::optional<Instant> before(Instant instant) const {
    if (instant <= stands_) return std::nullopt;
    const auto at = rule_.previous(instant);
    return at ? std::max(*at, stands_) : stands_;
  }

  /// `at` is the newest that was missed.
  void catch_up(std::optional<Instant> at) {
    using enum language::ScheduleOn::Catchup;
    std::size_t most = on_.catchup == kAll ? kMostCaughtUp : 0;
    if (on_.catchup == kLast && instants_.empty()) most = 1;
    const Instant oldest = now_ - on_.catchup_window;
    for (; most > 0 && at && *at >= oldest; --most, at = before(*at)) instants_.push_back(*at);
  }

  /// `newest` is passed, whether it fires or not.
  TickPlan ticks(Instant newest) {
    TickPlan plan;
    if (instants_.size() > kTicksAtOnce) instants_.resize(kTicksAtOnce);
    Instant stands = stands_;
    for (const Instant instant : instants_) {
      plan.then = rule_.next_due(instant);
      store::AcceptEvent::Tick tick;
      tick.due = stands;
      if (instant != stands) tick.fired = instant;
      tick.lag = std::max(now_ - fires(instant), Duration::zero());
      if (plan.then) {
        tick.next = plan.then->at;
        tick.next_fires = plan.then->fires;
        stands = plan.then->at;
      }
      plan.ticks.push_back(std::move(tick));
    }
    if (instants_.empty()) plan.then = rule_.next_due(newest);
    return plan;
  }

  const language::ScheduleOn& on_;
  const ScheduleRule& rule_;
  const Instant now_;
  const Instant stands_;
  const Instant stands_fires_;
  std::vector<Instant> instants_;  ///< that fire
};

}  // namespace

TickPlan plan_ticks(const domain::Schedule& schedule, const language::ScheduleOn& on, const ScheduleRule& rule,
                    Instant now, Instant watched_since) {
  TickPlan plan = Planner(schedule, on, rule, now).plan(watched_since);
  for (store::AcceptEvent::Tick& tick : plan.ticks) tick.schedule = schedule.id;
  return plan;
}

}  // namespace ipaas::service
