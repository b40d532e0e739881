#include "core/resilience/rate_limiter.h"

#include <algorithm>

namespace ipaas::resilience {

RateLimiter::Bucket& RateLimiter::bucket(const TenantId& tenant, std::string_view key) {
  // No id holds a line break, so no two pairs have one name.
  std::string name = tenant.str() + "\n" + std::string(key);
  if (const auto known = buckets_.find(name); known != buckets_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, known->second);
    return by_use_.front();
  }
  if (buckets_.size() >= most_keys_ && !by_use_.empty()) {
    buckets_.erase(by_use_.back().name);
    by_use_.pop_back();
  }
  by_use_.push_front({std::move(name), Fine::min()});
  buckets_.emplace(by_use_.front().name, by_use_.begin());
  return by_use_.front();
}

RateLimiter::Reservation RateLimiter::reserve(const TenantId& tenant, std::string_view key, int count, Duration per,
                                              Instant now, Duration longest_wait) {
  const Fine whole = std::max<Fine>(per, Duration(1));
  const Fine each = std::max(whole / std::max(count, 1), Fine(1));
  const Fine today = now.time_since_epoch();
  Bucket& used = bucket(tenant, key);
  // Nobody is granted a token from further ahead than this: the clock was set back, or the limit was another one.
  if (used.full_at > today + whole + longest_wait) used.full_at = Fine::min();
  const Fine full_at = std::max(used.full_at, today) + each;
  const Fine at = std::max(full_at - whole, today);
  const Reservation reservation{Instant(std::chrono::ceil<Duration>(at)), at - today <= longest_wait};
  if (reservation.granted) used.full_at = full_at;
  return reservation;
}

}  // namespace ipaas::resilience
