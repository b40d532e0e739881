// The calls that are out, from the lease to the answer.
#pragma once

#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "daemon/runtime/call_runner.h"
#include "daemon/runtime/call_slots.h"

namespace ipaas::daemon {

/// Each holds a slot until it is answered or stopped. Thread-safe.
class OpenCalls {
 public:
  struct Parts {
    WorkerPool& workers;
    CallRunner& runner;
    CallSlots& slots;
    CrashMarks& marks;
    /// What became of a call that was not stopped; on a worker.
    std::function<void(const EffectPtr&, engine::Fact)> answered;
  };

  explicit OpenCalls(Parts parts) : parts_(std::move(parts)) {}

  /// To be called in the order of the commits: a call that a later decision stops must be known by then.
  void begin(const EffectPtr& effect);

  /// Those of these that are still out are not answered any more.
  void stop(const ExecutionId& execution, const std::vector<EffectId>& effects);

  [[nodiscard]] bool any(const ExecutionId& execution) const;

 private:
  static constexpr Outbound::CallId kNotSent = 0;  ///< a worker still builds the request

  void carry_out(const EffectPtr& effect);
  [[nodiscard]] std::variant<PreparedCall, engine::Fact> prepare(const domain::Effect& effect) const;
  void answered(const EffectPtr& effect, engine::Fact fact);
  /// False where it was stopped. To be called with the lock held.
  bool forget(const ExecutionId& execution, const EffectId& effect);

  const Parts parts_;
  mutable std::mutex mutex_;  ///< guards calls_
  std::unordered_map<ExecutionId, std::unordered_map<EffectId, Outbound::CallId>> calls_;
};

}  // namespace ipaas::daemon
