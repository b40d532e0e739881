#include "cli/testing/test_run.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "cli/file_error.h"
#include "cli/input.h"
#include "cli/testing/receivers.h"
#include "cli/testing/test_paths.h"
#include "core/base/letter_case.h"
#include "core/language/workflow_parser.h"
#include "core/security/json_masking.h"
#include "core/security/masker.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;
using engine::testing::TestCase;
using engine::testing::TestFile;

bool is_below(const fs::path& file, const fs::path& directory) {
  const auto [end, ignored] = std::mismatch(directory.begin(), directory.end(), file.begin(), file.end());
  return end == directory.end();
}

/// A value alone does not tell that it is a password; together with its key it does.
std::optional<Json> masked(const std::optional<Json>& value, const std::string& path, const security::Masker& masker) {
  if (!value) return value;
  const std::size_t dot = path.find_last_of('.');
  const std::string key = dot == std::string::npos ? path : path.substr(dot + 1);
  return security::mask_json(masker, Json{{key, *value}}).front();
}

/// What is shown of a case ends in logs of CI.
engine::testing::CaseResult masked(engine::testing::CaseResult result, const security::Masker& masker) {
  for (engine::testing::Difference& difference : result.differences) {
    difference.message = masker.mask(difference.message);
    difference.hint = masker.mask(difference.hint);
    difference.expected = masked(difference.expected, difference.path, masker);
    difference.actual = masked(difference.actual, difference.path, masker);
  }
  result.outcome = security::mask_json(masker, result.outcome);
  for (domain::LogEntry& line : result.logs) line.text = masker.mask(line.text);
  return result;
}

class FileRunner {
 public:
  FileRunner(const World& world, const connectors::Catalog& catalog, const TestChoice& choice, SeenFiles& seen)
      : world_(world), catalog_(catalog), receivers_(catalog), wanted_(lower_case(choice.name)), seen_(seen) {
    std::error_code ignored;
    for (const std::string& path : choice.paths) {
      if (fs::is_directory(path, ignored)) roots_.emplace_back(path);
    }
  }

  RanFile run(const std::string& path) const {
    RanFile ran;
    ran.file = path;
    auto tests = tests_in(path);
    if (!tests) {
      ran.errors = std::move(tests.error());
      return ran;
    }
    const auto workflows = workflows_of(*tests, path, ran);
    if (!workflows) {
      ran.errors = workflows.error();
      return ran;
    }
    ran.errors = engine::testing::check_tests(*tests, *workflows);
    if (!ran.errors.empty()) return ran;
    for (const TestCase& test : tests->cases) {
      if (lower_case(test.name).find(wanted_) == std::string::npos) continue;
      const language::Workflow& workflow = *engine::testing::workflow_of(test, *workflows);
      ran.cases.push_back(
          {test.name, test.position, workflow.name, masked(engine::testing::run_case(test, workflow, receivers_), masker_)});
    }
    return ran;
  }

 private:
  ResultOrErrors<TestFile> tests_in(const std::string& path) const {
    const auto text = read(path);
    if (!text) return fail_with(text.error());
    return engine::testing::read_tests(
        *text, path, [&](const std::string& named) { return read_near(fs::path(path).parent_path(), named); });
  }

  ResultOrErrors<std::vector<language::WorkflowPtr>> workflows_of(const TestFile& tests, const std::string& path,
                                                                  RanFile& ran) const {
    std::string file = tests.workflow_file.empty() ? existing_yaml(stem_of(path))
                                                   : (fs::path(path).parent_path() / tests.workflow_file).string();
    if (file.empty()) {
      return fail_with(file_error(path,
                             "there is no workflow " + fs::path(stem_of(path)).filename().string() + ".yaml beside it",
                             "write `workflow:` with the name of the file", "no_workflow"));
    }
    ran.workflow_file = fs::path(file).lexically_normal().string();
    const auto text = tests.workflow_file.empty() ? read(file) : read_near(fs::path(path).parent_path(), tests.workflow_file);
    if (!text && !tests.workflow_file.empty()) {
      Error error = file_error(path, file + ": " + text.error().message, text.error().hint, "no_workflow");
      error.position = tests.workflow_file_position;
      return fail_with(std::move(error));
    }
    if (!text) return fail_with(text.error());
    return language::parse_workflows(*text, file, catalog_);
  }

  /// A test comes with a pull request, and what it reads ends in the log of CI: nothing outside of the test's directory,
  /// the present one and those of -f.
  Result<std::string> read_near(const fs::path& directory, const std::string& named) const {
    std::error_code error;
    const fs::path file = fs::canonical(directory / named, error);
    if (error) return read((directory / named).string());  // says what is wrong
    const auto holds = [&](const fs::path& root) { return is_below(file, fs::canonical(root, error)); };
    const bool near = holds(directory.empty() ? "." : directory) || holds(".") || std::ranges::any_of(roots_, holds);
    if (!near || !fs::is_regular_file(file, error)) {
      return fail(ErrorKind::kInvalid, named + " is no file below the test's directory, the present one or one of -f",
                  "keep sample events beside the test", "unreadable_input");
    }
    return read((directory / named).string());
  }

  Result<std::string> read(const std::string& path) const {
    seen_.see(path);
    return read_input(world_, path);
  }

  const World& world_;
  const connectors::Catalog& catalog_;
  BuiltInReceivers receivers_;
  std::string wanted_;
  std::vector<fs::path> roots_;  ///< the directories among the paths of -f
  security::Masker masker_{security::MaskingRules{.workflow = true}};
  SeenFiles& seen_;
};

}  // namespace

std::size_t TestRun::passed() const {
  std::size_t count = 0;
  for (const RanFile& file : files) {
    count +=
        static_cast<std::size_t>(std::ranges::count_if(file.cases, [](const RanCase& c) { return c.result.passed(); }));
  }
  return count;
}

std::size_t TestRun::failed() const {
  std::size_t count = 0;
  for (const RanFile& file : files) count += file.cases.size();
  return count - passed();
}

Errors TestRun::errors() const {
  Errors all;
  for (const RanFile& file : files) all.insert(all.end(), file.errors.begin(), file.errors.end());
  return all;
}

ResultOrErrors<TestRun> run_tests(const World& world, const TestChoice& choice, SeenFiles& seen) {
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  for (const std::string& path : choice.paths) {
    for (const std::string& file : test_candidates(path, choice.recursive)) seen.see(file);
  }
  auto found = find_tests(choice.paths, choice.recursive);
  if (!found) return tl::unexpected(std::move(found.error()));
  const Instant begin = world.clock.now();
  const FileRunner runner(world, *catalog, choice, seen);
  TestRun run;
  std::set<std::string> tested;
  for (const std::string& file : found->tests) {
    run.files.push_back(runner.run(file));
    tested.insert(run.files.back().workflow_file);
  }
  for (const std::string& file : found->untested) {
    if (!tested.contains(fs::path(file).lexically_normal().string()))
      run.warnings.push_back(file_error(file, "has no test", "write " + stem_of(file) + ".test.yaml", "no_tests"));
  }
  run.took = std::max(world.clock.now() - begin, Duration(0));
  const bool none = run.passed() + run.failed() == 0 && run.errors().empty();
  if (none && !choice.name.empty()) {
    return fail_with(
        {ErrorKind::kNotFound, "no case has `" + choice.name + "` in its name", "leave --filter out to run all"});
  }
  return run;
}

bool has_changed(const TestChoice& choice, const SeenFiles& seen) {
  if (seen.any_changed()) return true;
  return std::ranges::any_of(choice.paths, [&](const std::string& path) {
    return !std::ranges::all_of(test_candidates(path, choice.recursive),
                                [&](const std::string& file) { return seen.has(file); });
  });
}

}  // namespace ipaas::cli
