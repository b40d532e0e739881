// From something that happened to a committed execution.
#pragma once

#include <functional>
#include <memory>

#include "core/base/ids.h"
#include "core/service/runtime.h"
#include "daemon/runtime/departure.h"
#include "daemon/runtime/dispatcher.h"
#include "daemon/runtime/variable_book.h"

namespace ipaas::daemon {

/// Takes the first decision and hands event, execution and decision to the writer in one unit of work. Thread-safe.
class Intake {
 public:
  struct Parts {
    store::Writer& writer;
    Dispatcher& dispatcher;
    const DepartureDesk& desk;
    IdSource& ids;
    Randomness& randomness;
    const Clock& clock;
    domain::BootId boot;
    std::int64_t backlog_cap;
    /// For the operator: the backlog is full.
    std::function<void(std::int64_t live)> backlog_full;
    const engine::WaitLinks* links = nullptr;  ///< what decisions make `wait.url` with
    const VariableBook& variables;
  };

  explicit Intake(Parts parts) : parts_(std::move(parts)) {}

  /// `limits` bound the first decision; what does not fit is left to a worker, with the execution queued. `done` is
  /// called after the commit, on the writer's thread, or at once on this one when the arrival is refused.
  void accept(service::Arrival arrival, const engine::DecideLimits& limits,
              std::function<void(Result<service::Acceptance>)> done);

  /// How many more executions are accepted that follow from `depth` others. Those that follow are accepted beyond the
  /// backlog's cap, for others may be waiting for them, and the more so the deeper they are: so the deepest, which nothing
  /// can follow, always come through and make room for the rest. Twice the cap is the end.
  [[nodiscard]] std::int64_t room(int depth) const;

  /// From now on every arrival is refused with kDraining.
  void drain() { draining_ = true; }
  [[nodiscard]] bool draining() const { return draining_; }
  /// Nothing is on its way to the writer.
  [[nodiscard]] bool idle() const { return arriving_ == 0; }

 private:
  /// Of one that arrives, counted as long as it is held.
  using Place = std::shared_ptr<std::atomic<std::int64_t>>;

  [[nodiscard]] Place take_place(int depth);
  [[nodiscard]] domain::ExecutionSnapshot queued(service::Arrival& arrival, Instant now);
  [[nodiscard]] engine::Decision first_decision(const language::Workflow& definition, domain::ExecutionSnapshot& snapshot,
                                                engine::DecideLimits limits, Instant now) const;
  void committed(domain::ExecutionSnapshot snapshot, Departure departure, bool enabled, Result<store::Outcome> outcome,
                 const std::function<void(Result<service::Acceptance>)>& done);

  const Parts parts_;
  std::atomic<std::int64_t> arriving_{0};  ///< accepted and not yet adopted
  std::atomic<bool> draining_{false};
};

}  // namespace ipaas::daemon
