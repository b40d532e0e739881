// How many calls may be out at once. An effect is leased only with a slot, so a lease means: sent now.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace ipaas::daemon {

/// A counting limit that never waits. Thread-safe.
class CallSlots {
 public:
  explicit CallSlots(std::size_t limit) : limit_(limit) {}

  /// All `wanted` or none. Failing leaves a mark for `take_starved`.
  [[nodiscard]] bool try_take(std::size_t wanted) {
    std::size_t used = used_.load();
    do {
      if (closed_ || used + wanted > limit_) {
        starved_ = true;
        return false;
      }
    } while (!used_.compare_exchange_weak(used, used + wanted));
    return true;
  }

  /// As many as are free, at most `wanted`.
  [[nodiscard]] std::size_t take_up_to(std::size_t wanted) {
    std::size_t used = used_.load();
    std::size_t taken = 0;
    do {
      taken = closed_ || used >= limit_ ? 0 : std::min(wanted, limit_ - used);
    } while (taken > 0 && !used_.compare_exchange_weak(used, used + taken));
    if (taken == 0) starved_ = true;
    return taken;
  }

  void give_back(std::size_t count) { used_ -= count; }

  /// Was somebody refused since the last question? Then a slot that came free should be offered.
  [[nodiscard]] bool take_starved() { return starved_.exchange(false); }

  /// No more slots: what is decided from now on stays in the outbox for the next start.
  void close() { closed_ = true; }

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
  std::atomic<bool> starved_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace ipaas::daemon
