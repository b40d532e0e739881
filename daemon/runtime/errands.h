// What executions do to each other: calling, reporting back, cancelling, announcing an end.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/dispatcher.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/listener_index.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon {

/// Carries out the effects that are neither calls nor facts. Each stays in the outbox until all of it is done, and may be
/// carried out any number of times: the daemon may die between any two of its lines. What fails because the store does not
/// answer is tried again after a pause, what finds the backlog full once there is room; what the drain refuses is left for
/// the next start.
///
/// Thread-safe.
class Errands {
 public:
  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    DefinitionCache& definitions;
    const ListenerIndex& listeners;
    Dispatcher& dispatcher;
    Intake& intake;
    WorkerPool& workers;
    /// Runs the task after a pause.
    std::function<void(std::function<void()>)> later;
    /// For the operator: an errand that cannot be done.
    std::function<void(const domain::Effect&, const Error&)> failed;
  };

  explicit Errands(Parts parts) : parts_(std::move(parts)) {}

  /// `execution` is the one whose effect it is, where it is at hand. Returns at once.
  void run(const EffectPtr& effect, const std::shared_ptr<const domain::Execution>& execution);

 private:
  using ExecutionPtr = std::shared_ptr<const domain::Execution>;

  void carry_out(const EffectPtr& effect, ExecutionPtr execution);
  void start_child(const EffectPtr& effect, const ExecutionPtr& parent);
  [[nodiscard]] Result<service::Arrival> called(const domain::Effect& effect, const domain::Execution& parent);
  void accepted(const EffectPtr& effect, const ExecutionPtr& parent, int version,
                const Result<service::Acceptance>& acceptance);
  void repeat_child(const EffectPtr& effect, const ExecutionPtr& parent, const ExecutionId& child);
  void report(const EffectPtr& effect, const domain::Execution& child);
  void cancel_child(const EffectPtr& effect);
  void announce(const EffectPtr& effect, const ExecutionPtr& ended);
  [[nodiscard]] Result<service::Arrival> announcement(const domain::EndListener& listener, const domain::Execution& ended);

  [[nodiscard]] Result<ExecutionPtr> read(const TenantId& tenant, const ExecutionId& execution);
  /// Takes the effect out of the outbox.
  void finish(const EffectPtr& effect);
  /// Tries again, tells the operator or lets it be, as the error demands.
  void give_up(const EffectPtr& effect, const ExecutionPtr& execution, const Error& error);
  /// What starts executions of this depth is run again when there is room for them, the deepest first.
  void wait_for_room(const EffectPtr& effect, int depth);
  void look_for_room();

  const Parts parts_;
  std::atomic<std::size_t> turns_{0};  ///< announcements so far
  std::mutex mutex_;  ///< guards waiting_
  std::map<int, std::deque<EffectPtr>, std::greater<>> waiting_;  ///< by depth; none is empty
};

}  // namespace ipaas::daemon
