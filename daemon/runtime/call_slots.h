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
  [[nodiscard]] bool try_take(std::size_t wanted) { return take(wanted, wanted) == wanted; }

  /// As many as are free, at most `wanted`.
  [[nodiscard]] std::size_t take_up_to(std::size_t wanted) { return take(1, wanted); }

  void give_back(std::size_t count) {
    if (count == 0) return;
    used_ -= count;
    if (starved_.exchange(false)) freed_();
  }

  /// No more slots: what is decided from now on stays in the outbox for the next start.
  void close() { closed_ = true; }

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  std::size_t take(std::size_t least, std::size_t most) {
    if (const std::size_t taken = grab(least, most); taken > 0) return taken;
    // The mark first, then another look: whoever gives a slot back after this look sees the mark.
    starved_ = true;
    return grab(least, most);
  }

  std::size_t grab(std::size_t least, std::size_t most) {
    std::size_t used = used_.load();
    std::size_t taken = 0;
    do {
      taken = closed_ || used >= limit_ ? 0 : std::min(most, limit_ - used);
      if (taken < least) return 0;
    } while (!used_.compare_exchange_weak(used, used + taken));
    return taken;
  }

  const std::size_t limit_;
  const std::function<void()> freed_;
  std::atomic<std::size_t> used_{0};
  std::atomic<bool> starved_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace ipaas::daemon
