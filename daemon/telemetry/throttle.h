// So that a storm of one kind is one line in the log and not a million.
#pragma once

#include <atomic>

#include "core/base/clock.h"

namespace ipaas::daemon {

/// Lets one through per interval. Thread-safe.
class Throttle {
 public:
  explicit Throttle(Duration interval) : interval_(interval) {}

  [[nodiscard]] bool allow(Instant now) {
    std::int64_t next = next_.load();
    return to_millis(now) >= next && next_.compare_exchange_strong(next, to_millis(now + interval_));
  }

 private:
  const Duration interval_;
  std::atomic<std::int64_t> next_{0};
};

}  // namespace ipaas::daemon
