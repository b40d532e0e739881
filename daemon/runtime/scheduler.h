// Fires schedules: each instant once, at its time or as `catchup` says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/service/runtime.h"
#include "core/service/tick_plan.h"
#include "core/store/store.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/telemetry/log.h"
#include "daemon/telemetry/throttle.h"

namespace ipaas::daemon {

/// Where a schedule stands is in the store, which lets nobody fire an instant twice, so nothing here has to outlive a
/// crash and several daemons may do the same. Thread-safe.
class Scheduler {
 public:
  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    DefinitionCache& definitions;
    const Clock& clock;
    const Log& log;
    std::function<void(service::Arrival, std::function<void(Result<service::Acceptance>)>)> accept;
    /// Runs the task on another thread.
    std::function<void(std::function<void()>)> post;
    /// Has look() called at the instant.
    std::function<void(Instant)> wake_at;
  };

  explicit Scheduler(Parts parts) : parts_(std::move(parts)) {}

  /// Called by one thread, at least once a second, or what passes in between counts as missed; fires what is due.
  /// Answers when there is something to do at the latest; nothing: no schedule will fire.
  std::optional<Instant> look(Instant now);

  /// Schedules were applied, paused or resumed: reads them anew.
  void changed();

 private:
  struct Slice;  ///< the ticks of one schedule that are on their way to the writer

  void watch(Instant now);
  [[nodiscard]] std::vector<domain::Schedule> take_due(Instant now);
  [[nodiscard]] Result<std::vector<domain::Schedule>> read_until(Instant horizon);
  void prepare(const std::vector<domain::Schedule>& schedules, Instant now);
  void for_each_of(std::vector<domain::Schedule> schedules, const std::function<void(domain::Schedule)>& function);
  /// Is it under way, or to be left alone for a while? Otherwise it is under way from now on.
  [[nodiscard]] bool busy(const domain::Schedule& schedule, Instant now);
  void want(Instant instant);

  void fire(domain::Schedule schedule);
  [[nodiscard]] Result<language::WorkflowPtr> definition_of(const domain::Schedule& schedule);
  void submit(const domain::Schedule& schedule, const language::WorkflowPtr& definition,
              const language::ScheduleOn& on, service::TickPlan plan);
  void skip(const domain::Schedule& schedule, const service::TickPlan& plan);
  void settle(const Slice& slice);
  /// Nothing is under way any more; it is looked at again at the instant.
  void release(const ScheduleId& schedule, Instant again);
  /// It stays due, and is left alone for the pause.
  void late(const domain::Schedule& schedule, const Error& reason, Duration pause);

  const Parts parts_;
  std::mutex mutex_;  ///< guards what follows
  std::optional<Instant> due_ = Instant::min();
  std::optional<Instant> last_look_;
  Instant watched_since_{};
  /// Nothing: under way. Otherwise left alone until then.
  std::map<ScheduleId, std::optional<Instant>> busy_;
  /// Of what is due soon; more than the cache holds. Null: being read.
  using Definitions = std::map<std::pair<WorkflowId, int>, language::WorkflowPtr>;
  Definitions prepared_;
  Throttle warnings_{std::chrono::seconds(10)};
};

}  // namespace ipaas::daemon
