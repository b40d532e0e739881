// One seed: a text of workflows, events, faults and crashes, from the first event until nothing is left to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/setting.h"

namespace ipaas::simulation {

struct Plan {
  std::uint64_t seed = 1;
  Adversity adversity = {};
  Mutation mutation = Mutation::kNone;
  bool sqlite = false;  ///< on a file in a folder of its own instead of in memory
  bool traced = false;
};

struct Report {
  std::optional<std::string> violation;  ///< nothing: every promise was kept
  std::string workflows;
  std::vector<std::string> trace;
  std::size_t decisions = 0;
  std::size_t executions = 0;
  std::size_t calls = 0;
  std::size_t lives = 0;
};

/// The same plan gives the same report. Any number of plans may run at once.
[[nodiscard]] Report simulate(const Plan& plan);

/// As little adversity as still breaks the promise that the failing plan broke, or one like it.
[[nodiscard]] Plan shrink(Plan failing);

}  // namespace ipaas::simulation
