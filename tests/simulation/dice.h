// Chance that repeats itself: the same seed throws the same numbers on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/random.h"

namespace ipaas::simulation {

/// splitmix64.
class Dice final : public Randomness {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 0x632be59bd9b4e019ULL) {}

  std::uint64_t draw() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// 0 up to, not including, `sides`, which is not 0.
  std::size_t below(std::size_t sides) { return static_cast<std::size_t>(draw() % sides); }
  int between(int least, int most) { return least + static_cast<int>(below(static_cast<std::size_t>(most - least + 1))); }
  bool percent(int chance) { return static_cast<int>(below(100)) < chance; }
  bool permille(int chance) { return static_cast<int>(below(1000)) < chance; }
  Duration millis(int least, int most) { return Duration(between(least, most)); }
  Duration seconds(int least, int most) { return std::chrono::seconds(between(least, most)); }

  template <typename List>
  auto& pick(List&& list) {
    return list[below(std::size(list))];
  }

  void fill(std::span<std::byte> bytes) override {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(draw());
  }

 private:
  std::uint64_t state_;
};

}  // namespace ipaas::simulation
