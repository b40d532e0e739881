// What a daemon is put through. Each scenario is one course of faults on a stage of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/crash/stage.h"

namespace ipaas::test {

struct Course {
  Load load;
  std::filesystem::path shim;  ///< libfault_shim.so
  bool lengthy = false;        ///< many more faults than continuous integration has the time for
};

struct Outcome {
  std::uint64_t faults = 0;
  Verdict verdict;
  std::string skipped;  ///< why it was not played; empty where it was
};

struct Scenario {
  std::string_view name;
  std::string_view what;
  std::function<Outcome(const Course&, const std::filesystem::path& directory)> play;
};

[[nodiscard]] const std::vector<Scenario>& scenarios();

// By file.
[[nodiscard]] Outcome kill_at_writes(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome kill_at_syncs(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome fail_writes(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome fail_syncs(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome refuse_space(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome fill_disk(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome use_up_descriptors(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome step_clock(const Course& course, const std::filesystem::path& directory);
[[nodiscard]] Outcome misbehave_as_receiver(const Course& course, const std::filesystem::path& directory);

}  // namespace ipaas::test
