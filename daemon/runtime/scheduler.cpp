#include "daemon/runtime/scheduler.h"

#include <algorithm>
#include <atomic>

#include "core/service/scheduled.h"

namespace ipaas::daemon {
namespace {

constexpr std::size_t kBatch = 16 * 1024;
/// As many as are read when hardly anything is due.
constexpr std::size_t kSmallBatch = 512;
/// Schedules that one task fires: enough to be worth a task, few enough that all workers share ten thousand.
constexpr std::size_t kPerTask = 32;
constexpr Duration kPause = std::chrono::milliseconds(250);
/// Definitions are parsed so long before they are due: ten thousand in one second would take several.
constexpr Duration kAhead = std::chrono::seconds(10);
/// A definition that cannot be read now will hardly be readable in a moment.
constexpr Duration kLongPause = std::chrono::minutes(1);
/// Between two looks lies a second; if the clock says it was this long, then it was set, or the machine slept.
constexpr Duration kLongestGap = std::chrono::seconds(30);

/// When to look because of what fires then.
Instant to_prepare_for(Instant fires, Instant now) {
  return fires > now + kAhead ? fires - kAhead : fires;
}

}  // namespace

struct Scheduler::Slice {
  Slice(domain::Schedule the_schedule, service::TickPlan the_plan)
      : schedule(std::move(the_schedule)), plan(std::move(the_plan)), left(plan.ticks.size()) {}

  const domain::Schedule schedule;
  const service::TickPlan plan;
  std::atomic<std::size_t> left;
  std::atomic<bool> stale{false};
  std::mutex mutex;  ///< guards error
  std::optional<Error> error;
};

std::optional<Instant> Scheduler::look(Instant now) {
  watch(now);
  for_each_of(take_due(now), [this](domain::Schedule schedule) { fire(std::move(schedule)); });
  const std::lock_guard lock(mutex_);
  return due_;
}

/// On the workers, some at a time.
void Scheduler::for_each_of(std::vector<domain::Schedule> schedules,
                            const std::function<void(domain::Schedule)>& function) {
  for (std::size_t i = 0; i < schedules.size(); i += kPerTask) {
    const auto begin = schedules.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = schedules.begin() + static_cast<std::ptrdiff_t>(std::min(i + kPerTask, schedules.size()));
    parts_.post([function, some = std::vector(std::make_move_iterator(begin), std::make_move_iterator(end))]() mutable {
      for (domain::Schedule& schedule : some) function(std::move(schedule));
    });
  }
}

void Scheduler::changed() {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(busy_, [](const auto& entry) { return entry.second.has_value(); });
  }
  want(Instant::min());
}

void Scheduler::watch(Instant now) {
  const std::lock_guard lock(mutex_);
  if (!last_look_ || now - *last_look_ > kLongestGap) watched_since_ = now;
  // Set back: what comes now a second time was watched, too.
  if (now < watched_since_) watched_since_ = now;
  last_look_ = now;
}

std::vector<domain::Schedule> Scheduler::take_due(Instant now) {
  std::vector<domain::Schedule> due;
  {
    const std::lock_guard lock(mutex_);
    if (!due_ || *due_ > now) return due;
    due_.reset();
  }
  auto found = read_until(now + kAhead);
  if (!found) {
    want(now + kPause);
    return due;
  }
  // A full batch may hide others; by then some of it has been fired.
  if (found->size() == kBatch) want(now + kPause);
  prepare(*found, now);
  for (domain::Schedule& schedule : *found) {
    const Instant fires = *domain::firing_instant(schedule);
    if (fires > now) {
      want(to_prepare_for(fires, now));
      break;
    }
    if (!busy(schedule, now)) due.push_back(std::move(schedule));
  }
  return due;
}

/// By the time at which they fire, and at least the first that does so later than the horizon.
Result<std::vector<domain::Schedule>> Scheduler::read_until(Instant horizon) {
  auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  auto found = (*reader)->schedules_by_due(kSmallBatch);
  const bool more = found && found->size() == kSmallBatch && *domain::firing_instant(found->back()) <= horizon;
  return more ? (*reader)->schedules_by_due(kBatch) : found;
}

/// Keeps the definitions of what is due by now or soon, and reads those that will be needed.
void Scheduler::prepare(const std::vector<domain::Schedule>& schedules, Instant now) {
  std::vector<domain::Schedule> unread;
  {
    const std::lock_guard lock(mutex_);
    Definitions kept;
    for (const domain::Schedule& schedule : schedules) {
      const Instant fires = *domain::firing_instant(schedule);
      if (fires > now + kAhead) break;
      const std::pair key(schedule.workflow, schedule.version);
      if (const auto known = prepared_.find(key); known != prepared_.end()) {
        kept.insert(*known);
      } else if (fires > now && kept.emplace(key, nullptr).second) {
        unread.push_back(schedule);
      }
    }
    prepared_ = std::move(kept);
  }
  for_each_of(std::move(unread), [this](const domain::Schedule& schedule) {
    const auto definition = definition_of(schedule);
    const std::lock_guard lock(mutex_);
    const auto entry = prepared_.find({schedule.workflow, schedule.version});
    if (definition && entry != prepared_.end()) entry->second = *definition;
  });
}

bool Scheduler::busy(const domain::Schedule& schedule, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto [entry, added] = busy_.try_emplace(schedule.id);
  if (added) return false;
  if (!entry->second) return true;
  // A pause that is longer than any was set before the clock was set back.
  if (*entry->second > now && *entry->second <= now + kLongPause) {
    due_ = std::min(due_.value_or(*entry->second), *entry->second);
    return true;
  }
  entry->second.reset();
  return false;
}

void Scheduler::want(Instant instant) {
  {
    const std::lock_guard lock(mutex_);
    if (due_ && *due_ <= instant) return;
    due_ = instant;
  }
  parts_.wake_at(instant);
}

void Scheduler::fire(domain::Schedule schedule) {
  const auto definition = definition_of(schedule);
  if (!definition) {
    const bool soon = definition.error().kind == ErrorKind::kUnavailable;
    return late(schedule, definition.error(), soon ? kPause : kLongPause);
  }
  const language::ScheduleOn* on = service::trigger_of(**definition, schedule);
  const auto rule = on == nullptr ? std::nullopt : service::ScheduleRule::of(schedule.id, *on);
  const Instant now = parts_.clock.now();
  // Dropped from the workflow, or the clock was set back, since it was read.
  if (!rule || *schedule.next_due > now) return release(schedule.id, now + kPause);
  Instant since;
  {
    const std::lock_guard lock(mutex_);
    since = watched_since_;
  }
  service::TickPlan plan = service::plan_ticks(schedule, *on, *rule, now, since);
  if (plan.ticks.empty()) return skip(schedule, plan);
  submit(schedule, *definition, *on, std::move(plan));
}

Result<language::WorkflowPtr> Scheduler::definition_of(const domain::Schedule& schedule) {
  if (auto known = parts_.definitions.peek(schedule.workflow, schedule.version)) return known;
  {
    const std::lock_guard lock(mutex_);
    const auto entry = prepared_.find({schedule.workflow, schedule.version});
    if (entry != prepared_.end() && entry->second) return entry->second;
  }
  auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  return parts_.definitions.get(**reader, schedule.tenant, schedule.workflow, schedule.version);
}

void Scheduler::submit(const domain::Schedule& schedule, const language::WorkflowPtr& definition,
                       const language::ScheduleOn& on, service::TickPlan plan) {
  const auto slice = std::make_shared<Slice>(schedule, std::move(plan));
  for (const store::AcceptEvent::Tick& tick : slice->plan.ticks) {
    auto arrival = service::scheduled_arrival(schedule, definition, on, tick.fired.value_or(tick.due));
    arrival.tick = tick;
    parts_.accept(std::move(arrival), [this, slice](const Result<service::Acceptance>& accepted) {
      if (!accepted) {
        const std::lock_guard lock(slice->mutex);
        if (!slice->error) slice->error = accepted.error();
      } else if (accepted->stale) {
        slice->stale = true;
      }
      if (slice->left.fetch_sub(1) == 1) settle(*slice);
    });
  }
}

void Scheduler::skip(const domain::Schedule& schedule, const service::TickPlan& plan) {
  store::SkipTick write{schedule.tenant, schedule.id, *schedule.next_due, {}};
  if (plan.then) {
    write.next = plan.then->at;
    write.next_fires = plan.then->fires;
  }
  parts_.writer.submit(std::move(write), [this, schedule, then = plan.then](const Result<store::Outcome>& outcome) {
    if (!outcome) return late(schedule, outcome.error(), kPause);
    release(schedule.id, then ? then->fires : Instant::max());
  });
}

void Scheduler::settle(const Slice& slice) {
  if (slice.error) return late(slice.schedule, *slice.error, kPause);
  const Instant now = parts_.clock.now();
  // Another daemon was faster, or it was paused or applied anew in the meantime: the store knows where it stands.
  if (slice.stale) return release(slice.schedule.id, now + kPause);
  const auto& then = slice.plan.then;
  if (!then || then->fires > now) return release(slice.schedule.id, then ? then->fires : Instant::max());
  domain::Schedule onwards = slice.schedule;
  onwards.next_due = then->at;
  onwards.fires_at = then->fires;
  parts_.post([this, onwards = std::move(onwards)]() mutable { fire(std::move(onwards)); });
}

void Scheduler::release(const ScheduleId& schedule, Instant again) {
  {
    const std::lock_guard lock(mutex_);
    busy_.erase(schedule);
  }
  if (again != Instant::max()) want(to_prepare_for(again, parts_.clock.now()));
}

void Scheduler::late(const domain::Schedule& schedule, const Error& reason, Duration pause) {
  const Instant now = parts_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    busy_[schedule.id] = now + pause;
  }
  want(now + pause);
  if (!warnings_.allow(now)) return;
  parts_.log.warn("a schedule has to wait", {{"workflow", schedule.workflow_name},
                                             {"cron", schedule.cron},
                                             {"reason", reason.message}});
}

}  // namespace ipaas::daemon
