// A clock that moves only when a test says so.
#pragma once

#include <atomic>

#include "core/base/clock.h"

namespace ipaas::test {

/// Starts at 2026-01-01T00:00:00Z. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start = from_millis(1'767'225'600'000)) : now_(to_millis(start)) {}
  [[nodiscard]] Instant now() const override { return from_millis(now_.load()); }
  void advance(Duration by) { now_ += by.count(); }
  void set(Instant to) { now_ = to_millis(to); }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace ipaas::test
