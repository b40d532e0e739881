#include "daemon/runtime/clockwork.h"

#include <algorithm>

#include "core/base/time_zone.h"
#include "core/language/cron.h"

namespace ipaas::daemon {
namespace {

constexpr std::size_t kLeaseBatch = 512;
constexpr std::size_t kTickBatch = 16 * 1024;
constexpr Duration kLongestSleep = std::chrono::seconds(1);
constexpr Duration kPause = std::chrono::milliseconds(250);
/// Missed instants older than this are not caught up with.
constexpr Duration kCatchUpWindow = std::chrono::hours(24);

struct Tick {
  std::optional<Instant> fire;  ///< the newest instant that is due, unless it is too old
  std::optional<Instant> next;
};

/// `catchup: last`: of all instants that have passed, the newest fires, once.
Tick next_tick(const domain::Schedule& schedule, Instant now) {
  const auto cron = language::CronSchedule::parse(schedule.cron);
  const auto zone = find_time_zone(schedule.timezone);
  if (!cron || !zone || !schedule.next_due) return {};
  Tick tick;
  // Months of minutes are skipped in one step: only what lies in the window can fire.
  std::optional<Instant> at = *schedule.next_due;
  if (*at < now - kCatchUpWindow) at = cron->next(now - kCatchUpWindow, **zone, true);
  while (at && *at <= now) {
    tick.fire = at;
    at = cron->next(*at, **zone);
  }
  tick.next = at;
  return tick;
}

}  // namespace

Clockwork::Clockwork(Parts parts) : parts_(std::move(parts)), lease_(parts_.boot + 1) {}

Clockwork::~Clockwork() { stop(); }

void Clockwork::start() {
  // What is in the store is not known yet: look at once.
  effects_due_ = schedules_due_ = Instant::min();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Clockwork::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  changed_.notify_all();
  thread_.join();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  run_tasks(Instant::max());  // somebody may be waiting for an answer
}

void Clockwork::wake_at(Instant due) {
  {
    const std::lock_guard lock(mutex_);
    if (effects_due_ && *effects_due_ <= due) return;
    effects_due_ = due;
  }
  changed_.notify_all();
}

void Clockwork::schedules_changed() {
  {
    const std::lock_guard lock(mutex_);
    schedules_due_ = Instant::min();
  }
  changed_.notify_all();
}

void Clockwork::at(Instant due, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      tasks_.emplace(due, std::move(task));
      task = nullptr;
    }
  }
  if (task) {
    task();
  } else {
    changed_.notify_all();
  }
}

void Clockwork::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Instant now = parts_.clock.now();
    bool effects = false;
    bool schedules = false;
    {
      const std::lock_guard lock(mutex_);
      effects = !leasing_ && effects_due_ && *effects_due_ <= now;
      schedules = schedules_due_ && *schedules_due_ <= now;
    }
    if (effects) lease_due(now);
    if (schedules) fire_due(now);
    run_tasks(now);

    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, sleep_time(), [&] { return sleep_time() == Duration(0); });
  }
}

/// To be called with the lock held.
Duration Clockwork::sleep_time() const {
  const Instant now = parts_.clock.now();
  Duration sleep = kLongestSleep;
  const auto until = [&](Instant due) { sleep = due <= now ? Duration(0) : std::min(sleep, due - now); };
  if (effects_due_ && !leasing_) until(*effects_due_);
  if (schedules_due_) until(*schedules_due_);
  if (!tasks_.empty()) until(tasks_.begin()->first);
  return sleep;
}

void Clockwork::lease_due(Instant now) {
  {
    // Forgotten before the slots are asked, so that whoever gives one back after that wakes us for good.
    const std::lock_guard lock(mutex_);
    effects_due_.reset();
  }
  const std::size_t room = parts_.slots.take_up_to(kLeaseBatch);
  if (room == 0) return;
  store::LeaseEffects write{now, room};
  {
    const std::lock_guard lock(mutex_);
    leasing_ = true;
    write.owner = lease_;
    write.again = lease_unsure_;
  }
  parts_.writer.submit(write, [this, room](Result<store::Outcome> outcome) {
    const std::size_t got = outcome ? outcome->leased.size() : 0;
    parts_.slots.give_back(room - got);
    if (got > 0) parts_.leased(outcome->leased);
    // A full batch: there may be more. Otherwise the store knows when the next is due.
    std::optional<Instant> due = parts_.clock.now();
    if (!outcome) {
      due = parts_.clock.now() + kPause;
    } else if (got < room) {
      auto reader = parts_.readers.borrow();
      const auto next = reader ? (*reader)->next_effect_due() : tl::unexpected(reader.error());
      due = next ? *next : parts_.clock.now() + kPause;
    }
    {
      const std::lock_guard relock(mutex_);
      leasing_ = false;
      lease_unsure_ = !outcome;
      if (outcome) ++lease_;
      if (due && (!effects_due_ || *due < *effects_due_)) effects_due_ = due;
    }
    changed_.notify_all();
  });
}

void Clockwork::fire_due(Instant now) {
  {
    const std::lock_guard lock(mutex_);
    schedules_due_.reset();
  }
  auto reader = parts_.readers.borrow();
  const auto schedules = reader ? (*reader)->schedules_by_due(kTickBatch) : tl::unexpected(reader.error());
  std::optional<Instant> wake;
  if (!schedules) {
    wake = now + kPause;
  } else {
    for (const domain::Schedule& schedule : *schedules) {
      if (!schedule.next_due) continue;
      if (*schedule.next_due > now) {
        wake = schedule.next_due;
        break;
      }
      const Tick tick = next_tick(schedule, now);
      if (tick.fire) {
        parts_.tick(schedule, *tick.fire, tick.next);
      } else {
        parts_.writer.submit(store::SkipTick{schedule.tenant, schedule.id, *schedule.next_due, tick.next}, [](auto&&) {});
      }
      // Fired ticks are on their way to the writer; look again when they must have been committed.
      wake = now + kPause;
    }
  }
  const std::lock_guard lock(mutex_);
  if (wake && (!schedules_due_ || *wake < *schedules_due_)) schedules_due_ = wake;
}

void Clockwork::run_tasks(Instant now) {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    const auto end = tasks_.upper_bound(now);
    for (auto it = tasks_.begin(); it != end; ++it) due.push_back(std::move(it->second));
    tasks_.erase(tasks_.begin(), end);
  }
  for (const auto& task : due) task();
}

}  // namespace ipaas::daemon
