// The outbound limits of all tenants.
#pragma once

#include <mutex>

#include "core/domain/effect.h"
#include "core/resilience/rate_limiter.h"

namespace ipaas::daemon {

/// Thread-safe. What is reserved is lost with the process: after a restart every bucket is full.
class CallRates {
 public:
  /// A call that would wait for longer is told to come again instead.
  static constexpr Duration kLongestWait = std::chrono::hours(1);

  [[nodiscard]] resilience::RateLimiter::Reservation reserve(const TenantId& tenant, const domain::CallRate& rate, Instant now) {
    const std::lock_guard lock(mutex_);
    return limiter_.reserve(tenant, rate.key, rate.count, rate.per, now, kLongestWait);
  }

  /// The call that was to be made at this instant is never made.
  void give_back(const TenantId& tenant, const domain::CallRate& rate, Instant at) {
    const std::lock_guard lock(mutex_);
    limiter_.give_back(tenant, rate.key, at);
  }

 private:
  std::mutex mutex_;  ///< guards limiter_
  resilience::RateLimiter limiter_;
};

}  // namespace ipaas::daemon
