#include "cli/testing/test_paths.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "cli/file_error.h"
#include "cli/exit_code.h"
#include "cli/yaml_files.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kEndings = {".yaml", ".yml"};

/// What is no file could block for ever.
std::vector<std::string> regular_files_of(const std::string& directory, bool recursive, std::error_code& error) {
  std::vector<std::string> files = yaml_files_of(directory, recursive, error);
  std::erase_if(files, [](const std::string& file) {
    std::error_code ignored;
    return !fs::is_regular_file(file, ignored);
  });
  return files;
}

Result<TestPaths> tests_of_file(const std::string& path) {
  if (path == "-") return tl::unexpected(usage_error("tests cannot come from standard input", "name a file"));
  if (is_test_file(path)) return TestPaths{{path}, {}};
  std::string test = existing_yaml(stem_of(path) + ".test");
  if (!test.empty()) return TestPaths{{std::move(test)}, {}};
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return tl::unexpected(file_error(path, "does not exist", "check the path", "unreadable_input"));
  }
  const std::string hint = "write " + stem_of(path) + ".test.yaml; `ipaas workflow test --help` says how";
  return tl::unexpected(file_error(path, "has no test", hint, "no_tests"));
}

Result<TestPaths> tests_of_directory(const std::string& path, bool recursive) {
  std::error_code error;
  TestPaths found;
  for (const std::string& file : regular_files_of(path, recursive, error)) {
    if (is_test_file(file)) {
      found.tests.push_back(file);
    } else if (existing_yaml(stem_of(file) + ".test").empty()) {
      found.untested.push_back(file);
    }
  }
  if (error) {
    const std::string message = "cannot be read: " + error.message();
    return tl::unexpected(file_error(path, message, "check its permissions", "unreadable_input"));
  }
  if (!found.tests.empty()) return found;
  const std::string hint = recursive ? "check the path" : "add -R to look into its directories";
  return tl::unexpected(file_error(path, "holds no *.test.yaml file", hint, "no_tests"));
}

}  // namespace

std::string stem_of(const std::string& path) {
  const std::string stem = fs::path(path).replace_extension().string();
  return is_test_file(path) ? fs::path(stem).replace_extension().string() : stem;
}

std::string existing_yaml(const std::string& stem) {
  std::error_code ignored;
  for (const std::string_view ending : kEndings) {
    std::string path = stem + std::string(ending);
    if (fs::is_regular_file(path, ignored)) return path;
  }
  return {};
}

ResultOrErrors<TestPaths> find_tests(const std::vector<std::string>& paths, bool recursive) {
  TestPaths all;
  Errors errors;
  std::set<std::string> known;
  for (const std::string& path : paths) {
    std::error_code ignored;
    const bool directory = fs::is_directory(path, ignored);
    Result<TestPaths> found = directory ? tests_of_directory(path, recursive) : tests_of_file(path);
    if (!found) {
      errors.push_back(found.error());
      continue;
    }
    for (std::string& test : found->tests) {
      if (known.insert(fs::path(test).lexically_normal().string()).second) all.tests.push_back(std::move(test));
    }
    all.untested.insert(all.untested.end(), found->untested.begin(), found->untested.end());
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return all;
}

std::vector<std::string> test_candidates(const std::string& path, bool recursive) {
  std::error_code error;
  if (fs::is_directory(path, error)) return regular_files_of(path, recursive, error);
  std::vector<std::string> files = {path};
  for (const std::string_view ending : kEndings) files.push_back(stem_of(path) + ".test" + std::string(ending));
  return files;
}

}  // namespace ipaas::cli
