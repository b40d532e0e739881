// The course of the test: kills, drains, and the wait for everything to end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ipaas::test {

struct Plan {
  std::filesystem::path bin;
  std::uint64_t kills = 50;
  std::uint64_t drains = 3;
  std::uint64_t seed = 0;
  std::size_t connections = 8;
  std::uint64_t per_second = 600;            ///< webhooks, of all connections together
  std::chrono::milliseconds longest_life{700};  ///< from readiness to the kill, at random
  std::chrono::seconds patience{120};        ///< for everything to end after the last start
};

/// Runs the plan in `directory` and prints the table. True when nothing was lost or doubled.
[[nodiscard]] bool run(const Plan& plan, const std::filesystem::path& directory);

}  // namespace ipaas::test
