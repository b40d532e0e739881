// The course of the test: kills, drains, and the wait for everything to end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "tests/e2e/crash/stage.h"

namespace ipaas::test {

struct Plan {
  Load load;
  std::uint64_t kills = 50;
  std::uint64_t drains = 3;
  std::chrono::milliseconds longest_life{700};  ///< from readiness to the kill, at random
};

/// Runs the plan in `directory` and prints the table. True when nothing was lost or doubled.
[[nodiscard]] bool run(const Plan& plan, const std::filesystem::path& directory);

}  // namespace ipaas::test
