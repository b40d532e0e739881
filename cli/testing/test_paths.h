// Which tests a path of `-f` stands for.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"

namespace ipaas::cli {

/// `flow.test.yaml` and `flow.yaml` -> `flow`, the directory kept.
[[nodiscard]] std::string stem_of(const std::string& path);

/// The file of that stem with `.yaml` or `.yml`, or an empty path.
[[nodiscard]] std::string existing_yaml(const std::string& stem);

struct TestPaths {
  std::vector<std::string> tests;     ///< in order, each once
  std::vector<std::string> untested;  ///< workflows of a directory that have no test of their name
};

/// Test files, workflows that have one beside them, or directories of both (with `recursive` all levels, hidden ones
/// left out). Everything that is wrong with the paths comes back at once.
[[nodiscard]] ResultOrErrors<TestPaths> find_tests(const std::vector<std::string>& paths, bool recursive);

/// The files that a path may stand for, those too that could still be made.
[[nodiscard]] std::vector<std::string> test_candidates(const std::string& path, bool recursive);

}  // namespace ipaas::cli
