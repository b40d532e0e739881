// ipaas apply: sets, pruning, the message, and the files it reads.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::Json;
using ipaas::parse_json;
using ipaas::test::CliWorld;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

constexpr const char* kWorkflow = "name: a\non:\n  manual: {}\nsteps:\n  - log: hello\n";

constexpr const char* kAnswer = R"([{"name":"a","action":"unchanged","version":1,"id":"wf_1","left_set":"ops"},)"
                                R"({"name":"old-one","action":"pruned","version":3,"id":"wf_2"},)"
                                R"({"name":"old-two","action":"pruned","version":1,"id":"wf_3"}])";

struct Daemon {
  explicit Daemon(const std::string& answer = kAnswer) {
    api.post("/api/v1/workflows/apply", answer);
    api.start();
  }
  ipaas::test::CliRun apply(std::vector<std::string> flags, CliWorld world = {}) {
    flags.insert(flags.begin(), {"apply", "-f", "-"});
    world.host = api.host();
    // With a terminal, what is asked is answered from where the workflow would be.
    if (world.terminal) {
      flags[2] = api.directory() + "/a.yaml";
      std::ofstream(flags[2]) << kWorkflow;
    } else {
      world.input = kWorkflow;
    }
    return run_cli(flags, world);
  }
  Json body(std::size_t which) { return parse_json(api.bodies().at(which)).value(); }

  FakeApi api;
};

}  // namespace

TEST_CASE("what would be pruned is listed first, and then exactly that is asked for") {
  Daemon daemon;
  const auto run = daemon.apply({"--set", "shop", "--prune", "--yes", "-o", "json"});
  CHECK(run.code == 0);
  CHECK(has(run.err, "no longer in the set shop, to be deleted: old-one, old-two\n"));
  CHECK(has(run.err, "a moves from the set ops to shop\n"));
  REQUIRE(daemon.api.bodies().size() == 2);
  CHECK(daemon.body(0)["dry_run"] == true);
  CHECK(daemon.body(1)["dry_run"] == false);
  CHECK(daemon.body(1)["set"] == "shop");
  CHECK(daemon.body(1)["prune"] == true);
  CHECK(daemon.body(1)["confirmed"] == Json::array({"old-one", "old-two"}));
  CHECK((*parse_json(run.out))[1]["action"] == "pruned");
}

TEST_CASE("pruning needs leave: a script says --yes, a person answers") {
  Daemon daemon;
  const auto script = daemon.apply({"--set", "shop", "--prune"});
  CHECK(script.code == 2);
  CHECK(has(script.err, "old-one, old-two"));
  CHECK(has(script.err, "add --yes"));
  CHECK(daemon.api.bodies().size() == 1);
  CHECK(daemon.apply({"--set", "shop", "--prune"}, {.input = "n\n", .terminal = true}).code == 1);
  CHECK(daemon.api.bodies().size() == 2);
  CHECK(daemon.apply({"--set", "shop", "--prune"}, {.input = "y\n", .terminal = true}).code == 0);
  CHECK(daemon.api.bodies().size() == 4);
}

TEST_CASE("a dry run and an apply that prunes nothing ask nobody") {
  Daemon daemon;
  const auto dry = daemon.apply({"--set", "shop", "--prune", "--dry-run"});
  CHECK(dry.code == 0);
  CHECK(has(dry.out, "old-one  pruned"));
  CHECK(daemon.api.bodies().size() == 1);
  Daemon tidy(R"([{"name":"a","action":"unchanged","version":1,"id":"wf_1"}])");
  CHECK(tidy.apply({"--set", "shop", "--prune"}).code == 0);
  CHECK(tidy.body(1)["confirmed"] == Json::array());
}

TEST_CASE("a prune that could mean another set is a usage error before anything is sent") {
  Daemon daemon;
  CHECK(daemon.apply({"--prune", "--yes"}).code == 2);
  CHECK(daemon.apply({"--set", "", "--prune", "--yes"}).code == 2);
  CHECK(daemon.apply({"--set", ""}).code == 2);
  CHECK(daemon.api.seen().empty());
}

TEST_CASE("apply --strict refuses what it would only warn of, before anything is sent") {
  Daemon daemon;
  const std::string both = daemon.api.directory() + "/w.yaml";
  std::ofstream(both) << "name: w\non:\n  schedule:\n    - cron: \"0 9 1 * 1\"\nsteps:\n  - log: hello\n";
  const auto run = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"apply", "-f", both});
    return run_cli(flags, {.host = daemon.api.host()});
  };
  CHECK(run({"--strict"}).code == 3);
  CHECK(has(run({"--strict"}).err, "error: " + both + ":4:"));
  const auto annotated = run({"--strict", "--format", "github"});
  CHECK(annotated.code == 3);
  CHECK(has(annotated.out, "::error file=" + both));
  CHECK(daemon.api.seen().empty());
  const auto warned = run({"--format", "github", "-o", "json"});
  CHECK(warned.code == 0);
  CHECK(has(warned.err, "::warning file=" + both));
  CHECK(parse_json(warned.out));
}

TEST_CASE("the message is the run of CI unless one is given, were it empty") {
  const std::pair<std::map<std::string, std::string>, std::string> cases[] = {
      {{}, ""},
      {{{"GIT_COMMIT", "abc"}}, ""},
      {{{"GIT_COMMIT", "abc"}, {"BUILD_URL", "https://ci/1"}}, "commit abc (https://ci/1)"},
      {{{"GITHUB_SHA", "abc"}}, "commit abc"},
      {{{"GITHUB_SHA", "abc"},
        {"GITHUB_SERVER_URL", "https://git.corp"},
        {"GITHUB_REPOSITORY", "o/r"},
        {"GITHUB_RUN_ID", "7"}},
       "commit abc (https://git.corp/o/r/actions/runs/7)"},
      {{{"CI_COMMIT_SHA", "abc"}, {"CI_JOB_URL", "https://gl/2"}, {"CI_PIPELINE_URL", "x"}},
       "commit abc (https://gl/2)"},
      {{{"CI_COMMIT_SHA", "abc"}, {"CI_PIPELINE_URL", "https://wp/3"}}, "commit abc (https://wp/3)"},
      {{{"BUILDKITE_COMMIT", "abc"}, {"BUILDKITE_BUILD_URL", "https://bk/4"}}, "commit abc (https://bk/4)"},
      {{{"CIRCLE_SHA1", "abc"}, {"CIRCLE_BUILD_URL", "https://cc/5"}}, "commit abc (https://cc/5)"},
      {{{"BUILD_SOURCEVERSION", "abc"},
        {"SYSTEM_COLLECTIONURI", "https://dev.azure.com/o/"},
        {"SYSTEM_TEAMPROJECT", "My Shop"},
        {"BUILD_BUILDID", "6"}},
       "commit abc (https://dev.azure.com/o/My%20Shop/_build/results?buildId=6)"},
      {{{"BITBUCKET_COMMIT", "abc"}, {"BITBUCKET_REPO_FULL_NAME", "o/r"}, {"BITBUCKET_BUILD_NUMBER", "7"}},
       "commit abc (https://bitbucket.org/o/r/pipelines/results/7)"},
      {{{"DRONE_COMMIT_SHA", "abc"}, {"DRONE_BUILD_LINK", "https://dr/8"}}, "commit abc (https://dr/8)"},
  };
  for (const auto& [variables, message] : cases) {
    Daemon daemon;
    INFO(message);
    CHECK(daemon.apply({}, {.variables = variables}).code == 0);
    CHECK(daemon.body(0)["message"] == message);
  }
  Daemon daemon;
  const std::map<std::string, std::string> github = {{"GITHUB_SHA", "abc"}};
  daemon.apply({"-m", "mine"}, {.variables = github});
  daemon.apply({"-m", ""}, {.variables = github});
  CHECK(daemon.body(0)["message"] == "mine");
  CHECK(daemon.body(1)["message"] == "");
}

TEST_CASE("a directory gives its workflows once each, and no tests") {
  Daemon daemon;
  const std::filesystem::path folder = daemon.api.directory() + "/w";
  std::filesystem::create_directories(folder / "deep");
  const auto write = [&](const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; };
  write("a.yaml", kWorkflow);
  write("a.test.yaml", "cases: []\n");
  write("a.test.yml", "cases: []\n");
  std::filesystem::create_symlink(folder / "a.yaml", folder / "link.yaml");
  std::filesystem::create_directory_symlink(folder, folder / "deep" / "loop");
  const auto names = [&](std::vector<std::string> paths) {
    paths.insert(paths.begin(), {"validate", "-R", "-o", "name", "-f"});
    const auto run = run_cli(paths);
    return run.out + run.err;
  };
  CHECK(names({folder}) == "workflow/a\n");
  CHECK(names({folder, folder / "a.yaml", folder / "deep" / ".." / "a.yaml"}) == "workflow/a\n");
  const auto stdin_twice = run_cli({"validate", "-f", "-", "-", "-o", "name"}, {.input = kWorkflow});
  CHECK(stdin_twice.out == "workflow/a\n");
}

TEST_CASE("what is in a directory and cannot be a workflow is named, and nothing hangs") {
  FakeApi api;
  const std::filesystem::path folder = api.directory() + "/w";
  const auto err = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"validate", "-f", folder});
    const auto run = run_cli(flags);
    CHECK(run.code == 3);
    CHECK(run.out.empty());
    return run.err;
  };
  std::filesystem::create_directories(folder / "deep");
  CHECK(has(err({}), "holds no workflow"));
  CHECK(has(err({}), "add -R"));
  CHECK_FALSE(has(err({"-R"}), "add -R"));
  std::ofstream(folder / "only.test.yaml") << "cases: []\n";
  CHECK(has(err({"-R"}), "holds no workflow"));
  REQUIRE(mkfifo((folder / "pipe.yaml").c_str(), 0600) == 0);
  CHECK(has(err({}), "pipe.yaml: is not a regular file"));
  std::filesystem::remove(folder / "pipe.yaml");
  std::filesystem::create_symlink("self.yaml", folder / "self.yaml");
  CHECK(has(err({}), "self.yaml: "));
  std::filesystem::remove(folder / "self.yaml");
  std::filesystem::create_symlink("nowhere", folder / "dangling.yaml");
  CHECK(has(err({}), "dangling.yaml: cannot be read"));
  std::filesystem::remove(folder / "dangling.yaml");
  std::ofstream(folder / "large.yaml") << "# " << std::string(2 * 1024 * 1024, 'x');
  CHECK(has(err({}), "[too_large]"));
}

TEST_CASE("what the daemon doubts is told with its place") {
  Daemon daemon(R"([{"name":"a","action":"created","version":1,"id":"wf_1","warnings":[
      {"code":"public_url_missing","message":"the step 'ok' tells `wait.url`, which is null","hint":"set public_url","file":"f.yaml","line":5,"column":3}]}])");
  const auto run = daemon.apply({});
  CHECK(run.code == 0);
  CHECK(has(run.err, "warning: f.yaml:5:3"));
  CHECK(has(run.err, "the step 'ok' tells `wait.url`, which is null: set public_url"));
}
