// How many calls may be out at once. An effect is leased only with a slot, so a lease means: sent now.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

namespace ipaas::daemon {

/// A counting limit that never waits. Thread-safe.
class CallSlots {
 public:
  /// `freed` is called when a slot comes back after somebody was refused one; on the thread that gives it back.
  CallSlots(std::size_t limit, std::function<void()> freed) : limit_(limit), freed_(std::move(freed)) {}

  /// All `wanted` or none.
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

  void give_back(std::size_t count) {
    if (count == 0) return;
    used_ -= count;
    if (starved_.exchange(false)) freed_();
  }

  /// No more slots: what is decided from now on stays in the outbox for the next start.
  void close() { closed_ = true; }

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  const std::size_t limit_;
  const std::function<void()> freed_;
  std::atomic<std::size_t> used_{0};
  std::atomic<bool> starved_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace ipaas::daemon
