// When the next call of a kind may go out.
#pragma once

#include <cstddef>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::resilience {

/// Token buckets, each known by its tenant and key: full at first, `count` tokens deep, refilled evenly with `count` tokens
/// in `per`. Kept as the generic cell rate algorithm (ITU-T I.371): one instant a bucket, and the instants that were given
/// back. Pure, but for what it remembers; not thread-safe.
class RateLimiter {
 public:
  /// Beyond `most_keys` buckets the tenant with the most of them loses the one that it did not use for the longest time,
  /// which so is full again.
  explicit RateLimiter(std::size_t most_keys = 10'000) : most_keys_(most_keys) {}

  struct Reservation {
    Instant at{};         ///< when the call may be made; `now` or later
    bool granted = true;  ///< false where that is further away than the caller will wait: then nothing was taken
  };

  /// No limit is about a longer time.
  static constexpr Duration kLongestPeriod = std::chrono::hours(24) * 366;

  /// Takes the next token of the bucket. A count below 1 counts as 1, a time below a millisecond as one, and one beyond the
  /// longest as that.
  [[nodiscard]] Reservation reserve(const TenantId& tenant, std::string_view key, int count, Duration per, Instant now,
                                    Duration longest_wait);

  /// What was granted for this instant is not made use of: somebody else may have it.
  void give_back(const TenantId& tenant, std::string_view key, Instant at);

  [[nodiscard]] std::size_t keys() const { return keys_; }

 private:
  /// Finer than the clock: ten calls in a millisecond are a rate, too.
  using Fine = std::chrono::nanoseconds;
  struct Bucket {
    std::string key;
    Fine full_at{};                       ///< since the epoch: when the bucket has all its tokens again
    Instant full_since = Instant::min();  ///< when it was last seen full
    std::multiset<Instant> freed = {};    ///< granted and given back
  };
  struct Shelf {
    std::list<Bucket> by_use;  ///< the one that was used last in front
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> buckets;
  };

  Bucket& bucket(const TenantId& tenant, std::string_view key);
  void forget_one();
  static void take_back(Bucket& bucket, Fine each, Fine whole, Instant now);

  const std::size_t most_keys_;
  std::size_t keys_ = 0;
  std::unordered_map<TenantId, Shelf> shelves_;
};

}  // namespace ipaas::resilience
