#include "cli/testing/test_run.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/input.h"
#include "cli/testing/receivers.h"
#include "cli/testing/test_paths.h"
#include "core/language/workflow_parser.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;
using engine::testing::TestCase;
using engine::testing::TestFile;

Error about(const std::string& file, std::string message, std::string hint, std::string code) {
  Error error{ErrorKind::kInvalid, std::move(message), std::move(hint), std::move(code)};
  error.file = file;
  return error;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

class FileRunner {
 public:
  FileRunner(const World& world, const connectors::Catalog& catalog, const TestChoice& choice, SeenFiles& seen)
      : world_(world), catalog_(catalog), receivers_(catalog), wanted_(lower_case(choice.name)), seen_(seen) {}

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
          {test.name, test.position, workflow.name, engine::testing::run_case(test, workflow, receivers_)});
    }
    return ran;
  }

 private:
  ResultOrErrors<TestFile> tests_in(const std::string& path) const {
    const auto text = read(path);
    if (!text) return fail_with(text.error());
    return engine::testing::read_tests(
        *text, path, [&](const std::string& named) { return read((fs::path(path).parent_path() / named).string()); });
  }

  ResultOrErrors<std::vector<language::WorkflowPtr>> workflows_of(const TestFile& tests, const std::string& path,
                                                                  RanFile& ran) const {
    std::string file = tests.workflow_file.empty() ? existing_yaml(stem_of(path))
                                                   : (fs::path(path).parent_path() / tests.workflow_file).string();
    if (file.empty()) {
      return fail_with(about(path,
                             "there is no workflow " + fs::path(stem_of(path)).filename().string() + ".yaml beside it",
                             "write `workflow:` with the name of the file", "no_workflow"));
    }
    ran.workflow_file = fs::path(file).lexically_normal().string();
    const auto text = read(file);
    if (!text && !tests.workflow_file.empty()) {
      Error error = about(path, file + ": " + text.error().message, text.error().hint, "no_workflow");
      error.position = tests.workflow_file_position;
      return fail_with(std::move(error));
    }
    if (!text) return fail_with(text.error());
    return language::parse_workflows(*text, file, catalog_);
  }

  Result<std::string> read(const std::string& path) const {
    seen_.see(path);
    return read_input(world_, path);
  }

  const World& world_;
  const connectors::Catalog& catalog_;
  BuiltInReceivers receivers_;
  std::string wanted_;
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
      run.warnings.push_back(about(file, "has no test", "write " + stem_of(file) + ".test.yaml", "no_tests"));
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
