// When the next call of a kind may go out.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::resilience {

/// Token buckets, each known by its tenant and key: full at first, `count` tokens deep, refilled evenly with `count` tokens
/// in `per`. Kept as the generic cell rate algorithm (ITU-T I.371): one instant a bucket. Pure, but for what it remembers;
/// not thread-safe.
class RateLimiter {
 public:
  /// Beyond `most_keys` buckets the one that was not used for the longest time is forgotten, and so is full again.
  explicit RateLimiter(std::size_t most_keys = 10'000) : most_keys_(most_keys) {}

  struct Reservation {
    Instant at{};         ///< when the call may be made; `now` or later
    bool granted = true;  ///< false where that is further away than the caller will wait: then nothing was taken
  };

  /// Takes the next token of the bucket. A count below 1 counts as 1, a time below a millisecond as one.
  [[nodiscard]] Reservation reserve(const TenantId& tenant, std::string_view key, int count, Duration per, Instant now,
                                    Duration longest_wait);

  [[nodiscard]] std::size_t keys() const { return buckets_.size(); }

 private:
  /// Finer than the clock: ten calls in a millisecond are a rate, too.
  using Fine = std::chrono::nanoseconds;
  struct Bucket {
    std::string name;
    Fine full_at{};  ///< since the epoch: when the bucket has all its tokens again
  };

  Bucket& bucket(const TenantId& tenant, std::string_view key);

  const std::size_t most_keys_;
  std::list<Bucket> by_use_;  ///< the one that was used last in front
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> buckets_;
};

}  // namespace ipaas::resilience
