#include "daemon/runtime/clockwork.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

constexpr std::size_t kLeaseBatch = 512;
constexpr Duration kLongestSleep = std::chrono::seconds(1);
constexpr Duration kPause = std::chrono::milliseconds(250);

}  // namespace

Clockwork::Clockwork(Parts parts) : parts_(std::move(parts)), lease_(parts_.boot + 1), last_(parts_.clock.now()) {}

Clockwork::~Clockwork() { stop(); }

void Clockwork::start() {
  // What is in the store is not known yet: look at once.
  effects_due_ = Instant::min();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Clockwork::drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
  }
  run_tasks(tasks_, Instant::max());
}

void Clockwork::stop() {
  drain();
  Tasks dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(retries_);
  }
  if (!thread_.joinable()) return;
  thread_.request_stop();
  changed_.notify_all();
  thread_.join();
}

void Clockwork::wake_at(Instant due) {
  {
    const std::lock_guard lock(mutex_);
    if (effects_due_ && *effects_due_ <= due) return;
    effects_due_ = due;
  }
  tell();
}

void Clockwork::look_at(Instant instant) {
  {
    const std::lock_guard lock(mutex_);
    if (look_at_ && *look_at_ <= instant) return;
    look_at_ = instant;
  }
  tell();
}

void Clockwork::at(Instant due, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (!draining_) {
      tasks_.emplace(due, std::move(task));
      task = nullptr;
    }
  }
  if (task) {
    task();
  } else {
    tell();
  }
}

void Clockwork::retry_at(Instant due, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    retries_.emplace(due, std::move(task));
  }
  tell();
}

/// It is to think again about how long it may sleep.
void Clockwork::tell() {
  {
    const std::lock_guard lock(mutex_);
    told_ = true;
  }
  changed_.notify_all();
}

void Clockwork::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Instant now = parts_.clock.now();
    bool effects = false;
    bool draining = false;
    {
      const std::lock_guard lock(mutex_);
      told_ = false;
      notice_step_back(now);
      draining = draining_;
      effects = !leasing_ && effects_due_ && *effects_due_ <= now;
    }
    if (effects && !draining) lease_due(now);
    if (!draining) look(now);
    run_tasks(tasks_, now);
    run_tasks(retries_, now);

    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, sleep_time(), [&] { return told_; });
  }
}

/// To be called with the lock held.
void Clockwork::notice_step_back(Instant now) {
  if (const Duration step = std::exchange(last_, now) - now; step > Duration(0)) {
    for (Tasks* tasks : {&tasks_, &retries_}) {
      Tasks moved;
      for (auto& [due, task] : *tasks) moved.emplace(due - step, std::move(task));
      *tasks = std::move(moved);
    }
  }
}

/// To be called with the lock held.
Duration Clockwork::sleep_time() const {
  const Instant now = parts_.clock.now();
  Duration sleep = kLongestSleep;
  const auto until = [&](Instant due) { sleep = due <= now ? Duration(0) : std::min(sleep, due - now); };
  if (effects_due_ && !leasing_ && !draining_) until(*effects_due_);
  if (look_at_ && !draining_) until(*look_at_);
  if (!tasks_.empty()) until(tasks_.begin()->first);
  if (!retries_.empty()) until(retries_.begin()->first);
  return sleep;
}

void Clockwork::lease_due(Instant now) {
  {
    // Forgotten before the slots are asked, so that whoever gives one back after that wakes us for good.
    const std::lock_guard lock(mutex_);
    effects_due_.reset();
  }
  // Without a slot calls have to wait, but nothing else does.
  const std::size_t room = parts_.slots.take_up_to(kLeaseBatch);
  store::LeaseEffects write{.now = now, .limit = room > 0 ? room : kLeaseBatch, .calls = room > 0};
  {
    const std::lock_guard lock(mutex_);
    leasing_ = true;
    write.owner = lease_;
    write.again = lease_unsure_;
  }
  parts_.writer.submit(write, [this, room, limit = write.limit](const Result<store::Outcome>& outcome) {
    leased(room, limit, outcome);
  });
}

void Clockwork::leased(std::size_t room, std::size_t limit, const Result<store::Outcome>& outcome) {
  const auto is_call = [](const store::LeasedEffect& leased) { return leased.effect.kind == domain::EffectKind::kCall; };
  const auto calls = outcome ? std::count_if(outcome->leased.begin(), outcome->leased.end(), is_call) : 0;
  parts_.slots.give_back(room - static_cast<std::size_t>(calls));
  if (outcome && !outcome->leased.empty()) parts_.leased(outcome->leased);
  const std::optional<Instant> due = due_after(room, limit, outcome);
  {
    const std::lock_guard lock(mutex_);
    leasing_ = false;
    lease_unsure_ = !outcome;
    if (outcome) ++lease_;
    if (due && (!effects_due_ || *due < *effects_due_)) effects_due_ = due;
  }
  tell();
}

/// When to lease again.
std::optional<Instant> Clockwork::due_after(std::size_t room, std::size_t limit, const Result<store::Outcome>& outcome) {
  const Instant now = parts_.clock.now();
  if (!outcome) return now + kPause;
  // A full batch: there may be more. Otherwise the store knows when the next is due.
  if (outcome->leased.size() == limit) return now;
  auto reader = parts_.readers.borrow();
  const auto next = reader ? (*reader)->next_effect_due() : tl::unexpected(reader.error());
  if (!next) return now + kPause;
  // What is due already and was not leased are calls, which hide what else comes due. A slot that comes free wakes us, too.
  if (room == 0 && *next && **next <= now) return now + kPause;
  return *next;
}

void Clockwork::look(Instant now) {
  {
    // Forgotten before the look, so that whoever wants another one meanwhile gets it.
    const std::lock_guard lock(mutex_);
    look_at_.reset();
  }
  const std::optional<Instant> next = parts_.look(now);
  const std::lock_guard lock(mutex_);
  if (next && (!look_at_ || *next < *look_at_)) look_at_ = next;
}

void Clockwork::run_tasks(Tasks& tasks, Instant now) {
  std::vector<Task> due;
  {
    const std::lock_guard lock(mutex_);
    const auto end = tasks.upper_bound(now);
    for (auto it = tasks.begin(); it != end; ++it) due.push_back(std::move(it->second));
    tasks.erase(tasks.begin(), end);
  }
  for (const Task& task : due) task();
}

}  // namespace ipaas::daemon
