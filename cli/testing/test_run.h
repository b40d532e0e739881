// Finds the tests that `-f` names and runs them.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
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
  Errors errors;                  ///< set: none of its cases ran
  std::vector<RanCase> cases;     ///< those that were chosen
  std::vector<std::string> read;  ///< every file that was looked at
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

/// Errors are those of the paths as such; what is wrong with a file stands with the file.
[[nodiscard]] ResultOrErrors<TestRun> run_tests(const World& world, const TestChoice& choice);

/// The files and when each was changed, as one text: it changes when a test could turn out otherwise.
[[nodiscard]] std::string fingerprint(const TestChoice& choice, const TestRun& last);

}  // namespace ipaas::cli
