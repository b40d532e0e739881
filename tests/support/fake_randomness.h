// Randomness that repeats itself.
#pragma once

#include <mutex>
#include <random>

#include "core/base/random.h"

namespace ipaas::test {

/// The same seed gives the same bytes. Thread-safe.
class FakeRandomness final : public Randomness {
 public:
  explicit FakeRandomness(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(std::span<std::byte> bytes) override {
    const std::lock_guard lock(mutex_);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(engine_());
  }

 private:
  std::mutex mutex_;  ///< guards engine_
  std::mt19937_64 engine_;
};

}  // namespace ipaas::test
