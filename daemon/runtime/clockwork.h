// What time brings: due effects of the outbox, and the moments that others asked for.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/store/store.h"
#include "daemon/runtime/call_slots.h"
#include "daemon/runtime/reader_pool.h"

namespace ipaas::daemon {

/// One thread. It sleeps until the earliest thing it was told of is due, and never longer than a second, so that a
/// stepped clock is noticed: set back, it takes the tasks with it, which are about pauses. Thread-safe. The writer has to
/// complete what it was given before this is destroyed.
class Clockwork {
 public:
  using Task = std::function<void()>;

  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    const Clock& clock;
    CallSlots& slots;
    domain::BootId boot;
    /// Leased effects, each call with a slot; on the writer's thread.
    std::function<void(const std::vector<store::LeasedEffect>&)> leased;
    /// Looks after the schedules, on this thread: called at least once a second. Answers when it wants to be called again
    /// at the latest; nothing: only once a second.
    std::function<std::optional<Instant>(Instant now)> look;
  };

  explicit Clockwork(Parts parts);
  ~Clockwork();

  void start();
  /// Nothing new is leased or fired. Tasks run at once, these and those that come later, since somebody may be waiting
  /// for an answer; retries keep their pauses.
  void drain();
  /// Drains, and joins the thread. Retries are dropped, these and those that come later: what they were about is in the
  /// outbox.
  void stop();

  /// An unleased effect is due then.
  void wake_at(Instant due);
  /// Schedules are to be looked after then.
  void look_at(Instant instant);
  /// Runs the task, which must not block, on this thread at the instant or soon after.
  void at(Instant due, Task task);
  /// The same for what failed and is tried once more.
  void retry_at(Instant due, Task task);

 private:
  using Tasks = std::multimap<Instant, Task>;
  void run(const std::stop_token& stop);
  void lease_due(Instant now);
  void leased(std::size_t room, std::size_t limit, const Result<store::Outcome>& outcome);
  [[nodiscard]] std::optional<Instant> due_after(std::size_t room, std::size_t limit, const Result<store::Outcome>& outcome);
  void look(Instant now);
  void run_tasks(Tasks& tasks, Instant now);
  void notice_step_back(Instant now);
  void tell();
  [[nodiscard]] Duration sleep_time() const;

  const Parts parts_;
  std::mutex mutex_;  ///< guards what follows up to thread_
  std::condition_variable_any changed_;
  std::optional<Instant> effects_due_;    ///< nothing: no unleased effect is known
  std::optional<Instant> look_at_;        ///< nothing: once a second is enough
  bool leasing_ = false;                  ///< a lease is being committed
  /// Counts up from the boot, so that what the last lease took can be told from what was leased otherwise.
  domain::BootId lease_;
  bool lease_unsure_ = false;  ///< the last lease failed and may be in the store all the same
  Tasks tasks_;
  Tasks retries_;
  Instant last_;       ///< when the clock was read last
  bool told_ = false;  ///< something has changed since it last thought about how long to sleep
  bool draining_ = false;
  bool stopped_ = false;
  std::jthread thread_;
};

}  // namespace ipaas::daemon
