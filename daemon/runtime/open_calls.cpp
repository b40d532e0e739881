#include "daemon/runtime/open_calls.h"

namespace ipaas::daemon {

void OpenCalls::begin(const EffectPtr& effect) {
  {
    const std::lock_guard lock(mutex_);
    calls_[effect->execution][effect->id] = kNotSent;
  }
  parts_.workers.post([this, effect] { carry_out(effect); });
}

std::variant<PreparedCall, engine::Fact> OpenCalls::prepare(const domain::Effect& effect) const {
  const CrashMarks::Mark mark(parts_.marks, effect.tenant, effect.execution, CallRunner::place_of(effect));
  try {
    return parts_.runner.prepare(effect);
  } catch (const std::exception& error) {
    return engine::Broke{"the connector " + effect.call.connector + " failed: " + error.what()};
  } catch (...) {
    return engine::Broke{"the connector " + effect.call.connector + " failed"};
  }
}

void OpenCalls::carry_out(const EffectPtr& effect) {
  auto made = prepare(*effect);
  if (auto* broken = std::get_if<engine::Fact>(&made)) {
    answered(effect, std::move(*broken));
    return;
  }
  auto& prepared = std::get<PreparedCall>(made);
  if (auto* failed = std::get_if<engine::CallFailed>(&prepared.call)) {
    answered(effect, std::move(*failed));
    return;
  }
  // Under the lock, so that a cancellation comes either before the call, which is then not made, or after it is known.
  const std::lock_guard lock(mutex_);
  const auto execution = calls_.find(effect->execution);
  if (execution == calls_.end()) return;
  const auto call = execution->second.find(effect->id);
  if (call == execution->second.end()) return;
  call->second = parts_.runner.send(effect, std::move(prepared),
                                    [this, effect](engine::Fact fact) { answered(effect, std::move(fact)); });
}

bool OpenCalls::forget(const ExecutionId& execution, const EffectId& effect) {
  const auto found = calls_.find(execution);
  if (found == calls_.end() || found->second.erase(effect) == 0) return false;
  if (found->second.empty()) calls_.erase(found);
  return true;
}

void OpenCalls::answered(const EffectPtr& effect, engine::Fact fact) {
  {
    const std::lock_guard lock(mutex_);
    if (!forget(effect->execution, effect->id)) return;
  }
  parts_.slots.give_back(1);
  parts_.answered(effect, std::move(fact));
}

void OpenCalls::stop(const ExecutionId& execution, const std::vector<EffectId>& effects) {
  std::size_t stopped = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const EffectId& id : effects) {
      const auto found = calls_.find(execution);
      if (found == calls_.end()) break;
      const auto call = found->second.find(id);
      if (call == found->second.end()) continue;
      if (call->second != kNotSent) parts_.runner.cancel(call->second);
      forget(execution, id);
      ++stopped;
    }
  }
  parts_.slots.give_back(stopped);
}

bool OpenCalls::any(const ExecutionId& execution) const {
  const std::lock_guard lock(mutex_);
  return calls_.contains(execution);
}

}  // namespace ipaas::daemon
