// Finds the tests that `-f` names and runs them.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/testing/seen_files.h"
#include "cli/world.h"
#include "core/engine/testing/run_case.h"

namespace ipaas::cli {

struct RanCase {
  std::string name;
  SourcePosition position;
  std::string workflow;
  engine::testing::CaseResult result;
};

/// One test file, or a workflow's file that has none.
struct RanFile {
  std::string file;
  Errors errors;               ///< set: none of its cases ran
  std::vector<RanCase> cases;  ///< those that were chosen
  std::string workflow_file;   ///< that it tests, as far as it is known
};

struct TestRun {
  std::vector<RanFile> files;
  Errors warnings;  ///< workflows of a directory that have no test
  Duration took{};

  [[nodiscard]] std::size_t passed() const;
  [[nodiscard]] std::size_t failed() const;
  [[nodiscard]] Errors errors() const;  ///< of all files
};

struct TestChoice {
  std::vector<std::string> paths;  ///< test files, workflows that have one beside them, or directories of both
  bool recursive = false;
  std::string name;  ///< part of the names of the cases to run, without regard to letter case; empty: all
};

/// Errors are those of the paths as such; what is wrong with a file stands with the file. Everything that is looked at
/// is added to `seen`.
[[nodiscard]] ResultOrErrors<TestRun> run_tests(const World& world, const TestChoice& choice, SeenFiles& seen);

/// A test could turn out otherwise now: a file of these was changed, or there is a new one.
[[nodiscard]] bool has_changed(const TestChoice& choice, const SeenFiles& seen);

}  // namespace ipaas::cli
