#include "core/resilience/rate_limiter.h"

#include <algorithm>

namespace ipaas::resilience {
namespace {

/// Of one bucket; what is given back beyond that is lost.
constexpr std::size_t kMostFreed = 10'000;

}  // namespace

RateLimiter::Bucket& RateLimiter::bucket(const TenantId& tenant, std::string_view key) {
  if (const auto known = shelves_.find(tenant); known != shelves_.end()) {
    Shelf& shelf = known->second;
    if (const auto found = shelf.buckets.find(key); found != shelf.buckets.end()) {
      shelf.by_use.splice(shelf.by_use.begin(), shelf.by_use, found->second);
      return shelf.by_use.front();
    }
  }
  if (keys_ >= most_keys_) forget_one();
  Shelf& shelf = shelves_[tenant];
  shelf.by_use.push_front({std::string(key), Fine::min()});
  shelf.buckets.emplace(shelf.by_use.front().key, shelf.by_use.begin());
  ++keys_;
  return shelf.by_use.front();
}

/// Of the tenant that has the most, so that nobody can empty another one's buckets by inventing keys.
void RateLimiter::forget_one() {
  const auto largest = std::max_element(shelves_.begin(), shelves_.end(), [](const auto& a, const auto& b) {
    return a.second.buckets.size() < b.second.buckets.size();
  });
  if (largest == shelves_.end()) return;
  Shelf& shelf = largest->second;
  shelf.buckets.erase(shelf.by_use.back().key);
  shelf.by_use.pop_back();
  if (shelf.by_use.empty()) shelves_.erase(largest);
  --keys_;
}

RateLimiter::Reservation RateLimiter::reserve(const TenantId& tenant, std::string_view key, int count, Duration per,
                                              Instant now, Duration longest_wait) {
  const Fine whole = std::clamp(per, Duration(1), kLongestPeriod);
  const Fine each = std::max(whole / std::max(count, 1), Fine(1));
  const Fine today = now.time_since_epoch();
  Bucket& used = bucket(tenant, key);
  // Nobody is granted a token from further ahead than this: the clock was set back, or the limit was another one.
  if (used.full_at > today + whole + longest_wait) {
    used.full_at = Fine::min();
    used.freed.clear();
  }
  take_back(used, each, whole, now);
  if (used.full_at <= today) used.full_since = now;
  const Fine full_at = std::max(used.full_at, today) + each;
  const Instant next{std::chrono::ceil<Duration>(std::max(full_at - whole, today))};
  if (next > now && !used.freed.empty() && *used.freed.begin() < next) {
    return {used.freed.extract(used.freed.begin()).value(), true};
  }
  const Reservation reservation{next, next - now <= longest_wait};
  if (reservation.granted) used.full_at = full_at;
  return reservation;
}

/// What was given back and whose time has passed is as good as never granted; unless the bucket has been full since, which
/// made up for it, or others have been told to wait, who would come too close to whoever is let through now.
void RateLimiter::take_back(Bucket& bucket, Fine each, Fine whole, Instant now) {
  const Fine today = now.time_since_epoch();
  // The last ones that were granted are not promised to anybody any more.
  const auto last = [&] { return Instant(std::chrono::ceil<Duration>(bucket.full_at - whole)); };
  while (!bucket.freed.empty() && bucket.full_at > today + whole && *bucket.freed.rbegin() == last()) {
    bucket.full_at -= each;
    bucket.freed.erase(std::prev(bucket.freed.end()));
  }
  auto freed = bucket.freed.begin();
  while (freed != bucket.freed.end() && *freed <= now) {
    const bool counts = *freed >= bucket.full_since && bucket.full_at > today && bucket.full_at <= today + whole;
    if (counts) bucket.full_at -= each;
    freed = bucket.freed.erase(freed);
  }
}

void RateLimiter::give_back(const TenantId& tenant, std::string_view key, Instant at) {
  const auto known = shelves_.find(tenant);
  if (known == shelves_.end()) return;
  const auto found = known->second.buckets.find(key);
  if (found != known->second.buckets.end() && found->second->freed.size() < kMostFreed) found->second->freed.insert(at);
}

}  // namespace ipaas::resilience
