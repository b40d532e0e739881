// ipaas export: to one text, or to a file each.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::dump_json;
using ipaas::Json;
using ipaas::parse_json;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

std::string workflow(const std::string& name) {
  return "name: " + name + "\non:\n  manual: {}\nsteps:\n  - log: hello\n";
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Daemon {
  explicit Daemon(const std::vector<std::pair<std::string, std::string>>& workflows) {
    Json rows = Json::array();
    for (const auto& [name, source] : workflows) {
      const Json row = {{"name", name}, {"version", 1}, {"source", source}};
      rows.push_back(row);
      api.get("/api/v1/workflows/" + name, dump_json(row));
    }
    api.get("/api/v1/workflows", dump_json(rows));
    api.refuse("/api/v1/workflows/none", 404, R"({"code":"not_found","message":"there is no workflow \"none\""})");
    api.start();
  }
  ipaas::test::CliRun run(std::vector<std::string> arguments, const std::string& input = "", bool terminal = false) {
    arguments.insert(arguments.begin(), "export");
    return run_cli(arguments, {.host = api.host(), .input = input, .terminal = terminal});
  }
  [[nodiscard]] std::filesystem::path folder() const { return api.directory() + "/out"; }

  FakeApi api;
};

}  // namespace

TEST_CASE("export writes one text with all live workflows, or those that are named") {
  Daemon daemon({{"b", workflow("b")}, {"a", "# first\n---\n" + workflow("a")}});
  CHECK(daemon.run({}).out == "# first\n" + workflow("a") + "---\n" + workflow("b"));
  CHECK(daemon.run({"-o", "yaml"}).out == daemon.run({}).out);
  CHECK(daemon.run({"b"}).out == workflow("b"));
  CHECK(daemon.run({"workflow/b", "b"}).out == workflow("b"));
  CHECK(daemon.run({"-o", "name"}).out == "workflow/a\nworkflow/b\n");
  const auto rows = parse_json(daemon.run({"-o", "json"}).out);
  REQUIRE(rows);
  CHECK((*rows)[1]["source"] == workflow("b"));
  const auto missing = daemon.run({"b", "none"});
  CHECK(missing.code == 5);
  CHECK(missing.out.empty());
}

TEST_CASE("an instance without workflows exports nothing, and says so") {
  Daemon daemon({});
  const auto run = daemon.run({});
  CHECK(run.code == 0);
  CHECK(run.out.empty());
  CHECK(run.err == "no workflow found\n");
}

TEST_CASE("what cannot be one of several is refused by name") {
  const std::string large = "# " + std::string(600'000, 'x') + "\n" + workflow("b");
  Daemon daemon({{"a", workflow("a") + "x: |\n  no end"}, {"b", large}, {"c", large}});
  CHECK(daemon.run({"a", "b"}).out == workflow("a") + "x: |-\n  no end\n---\n" + large);
  const auto run = daemon.run({});
  CHECK(run.code == 3);
  CHECK(run.out.empty());
  CHECK(has(run.err, "-d DIR"));
  CHECK(daemon.run({"-d", daemon.folder().string()}).code == 0);
}

TEST_CASE("export -d writes a file each, and leaves alone what is the same") {
  Daemon daemon({{"a", workflow("a")}, {"b", workflow("b")}});
  const auto first = daemon.run({"-d", daemon.folder().string(), "-o", "json"});
  CHECK(first.code == 0);
  CHECK((*parse_json(first.out))[0]["action"] == "created");
  CHECK(content(daemon.folder() / "a.yaml") == workflow("a"));
  std::ofstream(daemon.folder() / "b.yaml") << "\xEF\xBB\xBF---\n" + workflow("b");
  const auto second = daemon.run({"-d", daemon.folder().string(), "-o", "json"});
  CHECK(second.code == 0);
  CHECK((*parse_json(second.out))[1]["action"] == "unchanged");
  CHECK(has(content(daemon.folder() / "b.yaml"), "---"));
  // Nothing is left beside them.
  CHECK(std::distance(std::filesystem::directory_iterator(daemon.folder()), {}) == 2);
}

TEST_CASE("a workflow that is in NAME.yml stays there, lest it is in two files") {
  Daemon daemon({{"a", workflow("a")}});
  std::filesystem::create_directories(daemon.folder());
  std::ofstream(daemon.folder() / "a.yml") << "# old\n" << workflow("a");
  CHECK(daemon.run({"-d", daemon.folder().string(), "--yes"}).code == 0);
  CHECK(content(daemon.folder() / "a.yml") == workflow("a"));
  CHECK_FALSE(std::filesystem::exists(daemon.folder() / "a.yaml"));
}

TEST_CASE("a file that differs is replaced only with leave, and then whole") {
  Daemon daemon({{"a", workflow("a")}, {"b", workflow("b")}});
  std::filesystem::create_directories(daemon.folder());
  std::ofstream(daemon.folder() / "b.yaml") << "mine";
  const std::string folder = daemon.folder().string();
  const auto refused = daemon.run({"-d", folder});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "b.yaml differs from the live workflow"));
  CHECK(has(refused.err, "--yes"));
  CHECK(content(daemon.folder() / "b.yaml") == "mine");
  CHECK_FALSE(std::filesystem::exists(daemon.folder() / "a.yaml"));
  CHECK(daemon.run({"-d", folder}, "n\n", true).code == 1);
  CHECK(content(daemon.folder() / "b.yaml") == "mine");
  CHECK(daemon.run({"-d", folder}, "y\n", true).code == 0);
  CHECK(content(daemon.folder() / "b.yaml") == workflow("b"));
  std::ofstream(daemon.folder() / "b.yaml") << "mine";
  CHECK(daemon.run({"-d", folder, "--yes"}).code == 0);
  CHECK(content(daemon.folder() / "b.yaml") == workflow("b"));
}

TEST_CASE("export writes through no link and over no directory") {
  Daemon daemon({{"a", workflow("a")}});
  std::filesystem::create_directories(daemon.folder());
  const auto victim = std::filesystem::path(daemon.api.directory()) / "victim";
  std::ofstream(victim) << "precious";
  std::filesystem::create_symlink(victim, daemon.folder() / "a.yaml");
  CHECK(daemon.run({"-d", daemon.folder().string(), "--yes"}).code == 0);
  CHECK(content(victim) == "precious");
  CHECK(content(daemon.folder() / "a.yaml") == workflow("a"));
  std::filesystem::remove(daemon.folder() / "a.yaml");
  std::filesystem::create_directory(daemon.folder() / "a.yaml");
  CHECK(daemon.run({"-d", daemon.folder().string(), "--yes"}).code == 1);
  CHECK(daemon.run({"-d", victim.string()}).code == 3);
  CHECK(daemon.run({"-d", ""}).code == 2);
}

TEST_CASE("a name from a daemon leads nowhere else") {
  Daemon daemon({{"x", workflow("x")}});
  FakeApi hostile;
  hostile.get("/api/v1/workflows", R"([{"name":"x"}])");
  hostile.get("/api/v1/workflows/x", dump_json(Json{{"name", "../evil"}, {"version", 1}, {"source", workflow("x")}}));
  hostile.start();
  const auto run = run_cli({"export", "-d", hostile.directory() + "/out"}, {.host = hostile.host()});
  CHECK(run.code == 3);
  CHECK_FALSE(std::filesystem::exists(hostile.directory() + "/evil.yaml"));
}
