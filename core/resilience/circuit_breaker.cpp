#include "core/resilience/circuit_breaker.h"

#include <algorithm>

namespace ipaas::resilience {

CircuitBreaker::Destination* CircuitBreaker::find(std::string_view name) {
  const auto known = known_.find(name);
  if (known == known_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, known->second);
  return &by_use_.front();
}

CircuitBreaker::Destination& CircuitBreaker::get(std::string_view name) {
  if (Destination* known = find(name)) return *known;
  if (known_.size() >= most_ && !by_use_.empty()) forget(by_use_.back().name);
  by_use_.push_front({std::string(name), 0, {}, false});
  known_.emplace(by_use_.front().name, by_use_.begin());
  return by_use_.front();
}

void CircuitBreaker::forget(std::string_view name) {
  const auto known = known_.find(name);
  if (known == known_.end()) return;
  const auto place = known->second;
  known_.erase(known);
  by_use_.erase(place);
}

CircuitBreaker::Permit CircuitBreaker::allow(std::string_view destination, Instant now) {
  Destination* known = find(destination);
  if (known == nullptr || !known->open_until) return {};
  // Further away than it can be: the clock was set back.
  if (*known->open_until > now + kOpenFor) known->open_until = now + kOpenFor;
  if (*known->open_until > now) return {.wait = *known->open_until - now};
  if (known->probing) return {.wait = kProbeTime};
  known->probing = true;
  return {.wait = {}, .probe = true};
}

bool CircuitBreaker::done(std::string_view destination, bool probe, End end, Instant now) {
  // Destinations that are well take no memory.
  if (end == End::kAnswered) {
    // What was sent before it opened says nothing new; only the probe closes.
    if (const Destination* known = find(destination); known != nullptr && (probe || !known->open_until)) forget(destination);
    return false;
  }
  if (end == End::kUnknown) {
    if (Destination* known = find(destination); known != nullptr && probe) known->probing = false;
    return false;
  }
  Destination& down = get(destination);
  if (probe) {
    down.probing = false;
    down.open_until = now + kOpenFor;
    return true;
  }
  if (++down.failures < kFailuresToOpen || down.open_until) return false;
  down.open_until = now + kOpenFor;
  return true;
}

std::vector<CircuitBreaker::Open> CircuitBreaker::open(Instant now) const {
  std::vector<Open> found;
  for (const Destination& destination : by_use_) {
    if (destination.open_until && (destination.probing || *destination.open_until > now)) {
      found.push_back({destination.name, *destination.open_until});
    }
  }
  std::sort(found.begin(), found.end(), [](const Open& a, const Open& b) { return a.destination < b.destination; });
  return found;
}

}  // namespace ipaas::resilience
