#include "cli/yaml_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "cli/file_error.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// One that is no file could block for ever, and nobody named it.
std::optional<Error> check_regular(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) || fs::is_regular_file(status)) return std::nullopt;  // what is missing says so when it is read
  return file_error(path, "is not a regular file", "move it out of the directory");
}

std::string identity_of(const std::string& path) {
  std::error_code error;
  const fs::path canonical = path == "-" ? fs::path() : fs::canonical(path, error);
  return path == "-" || error ? path : canonical.string();
}

void drop_repeated(std::vector<std::string>& files) {
  std::set<std::string> known;
  std::erase_if(files, [&](const std::string& file) { return !known.insert(identity_of(file)).second; });
}

std::vector<std::string> files_in(const std::string& directory, bool recursive, TestFiles tests, Errors& errors) {
  std::error_code error;
  std::vector<std::string> files = yaml_files_of(directory, recursive, error);
  if (tests == TestFiles::kLeftOut) std::erase_if(files, is_test_file);
  if (error) {
    errors.push_back(file_error(directory, "cannot be read: " + error.message(), "check its permissions"));
  } else if (files.empty()) {
    const std::string what = tests == TestFiles::kLeftOut ? "holds no workflow: there is no *.yaml or *.yml file beside tests"
                                                          : "holds no *.yaml or *.yml file";
    errors.push_back(file_error(directory, what, recursive ? "check the path" : "add -R to look into its directories"));
  }
  for (const std::string& file : files) {
    if (auto irregular = check_regular(file)) errors.push_back(*std::move(irregular));
  }
  return files;
}

}  // namespace

bool is_test_file(const std::string& path) { return path.ends_with(".test.yaml") || path.ends_with(".test.yml"); }

std::vector<std::string> yaml_files_of(const std::string& directory, bool recursive, std::error_code& error) {
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry(directory, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      if (!recursive || is_hidden(entry->path())) entry.disable_recursion_pending();
    } else if (is_yaml(entry->path()) && !is_hidden(entry->path())) {
      files.push_back(entry->path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

ResultOrErrors<std::vector<std::string>> files_named(const std::vector<std::string>& paths, bool recursive, TestFiles tests) {
  std::vector<std::string> files;
  Errors errors;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (path == "-" || !fs::is_directory(path, ignored)) {
      // `-f workflows/*.yaml` names the tests beside the workflows, too.
      if (tests == TestFiles::kTaken || !is_test_file(path)) files.push_back(path);
      continue;
    }
    const std::vector<std::string> found = files_in(path, recursive, tests, errors);
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.empty() && errors.empty() && !paths.empty()) {
    errors.push_back(file_error(paths.front(), "is a test and no workflow", "run it with `ipaas workflow test -f " + paths.front() + "`"));
  }
  if (!errors.empty()) return tl::unexpected(errors);
  drop_repeated(files);
  return files;
}

}  // namespace ipaas::cli
