#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::test::CliRun;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace fs = std::filesystem;

namespace {

constexpr const char* kUntidy = "steps:\n- log:   'hi' # says hi\nname: a\n";
constexpr const char* kTidy = "name: a\nsteps:\n  - log: hi  # says hi\n";

/// A file in the fake daemon's directory, which goes away with it.
std::string write(const FakeApi& api, const std::string& name, const std::string& text) {
  const std::string path = api.directory() + "/" + name;
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ino_t inode(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

}  // namespace

TEST_CASE("fmt rewrites what is not canonical, and names it") {
  FakeApi api;
  const std::string untidy = write(api, "w/untidy.yaml", kUntidy);
  const std::string tidy = write(api, "w/tidy.yaml", kTidy);
  const std::string deep = write(api, "w/deep/c.test.yaml", "a:   1\n");
  const std::string text = write(api, "w/notes.txt", "a:   1\n");
  fs::permissions(untidy, fs::perms(0640));
  const ino_t untouched = inode(tidy);
  const CliRun run = run_cli({"fmt", "-f", api.directory() + "/w"});
  CHECK(run.code == 0);
  CHECK(run.out == untidy + "\n");
  CHECK(run.err.empty());
  CHECK(content(untidy) == kTidy);
  CHECK(fs::status(untidy).permissions() == fs::perms(0640));
  CHECK(inode(tidy) == untouched);
  CHECK(content(deep) == "a:   1\n");
  CHECK(run_cli({"fmt", "-R", "-f", api.directory() + "/w"}).out == deep + "\n");
  CHECK(content(deep) == "a: 1\n");
  CHECK(content(text) == "a:   1\n");
  CHECK(run_cli({"fmt", "-R", "-f", api.directory() + "/w"}).out.empty());
  // Nothing is left behind.
  CHECK(std::distance(fs::directory_iterator(api.directory() + "/w"), fs::directory_iterator()) == 4);
}

TEST_CASE("fmt --check writes nothing and exits 1 when something would change") {
  FakeApi api;
  const std::string untidy = write(api, "a.yaml", kUntidy);
  const std::string tidy = write(api, "b.yaml", kTidy);
  const CliRun run = run_cli({"fmt", "--check", "-f", untidy, tidy});
  CHECK(run.code == 1);
  CHECK(run.out == untidy + "\n");
  CHECK(content(untidy) == kUntidy);
  CHECK(run_cli({"fmt", "--check", "-f", tidy}).code == 0);
  const CliRun github = run_cli({"fmt", "--check", "-f", untidy, "--format", "github"});
  CHECK(github.code == 1);
  CHECK(has(github.out, "::error file=" + untidy + ",line=1,col=1::is not formatted"));
  const CliRun json = run_cli({"fmt", "--check", "-f", untidy, tidy, "-o", "json"});
  CHECK(json.code == 1);
  const auto rows = ipaas::parse_json(json.out);
  REQUIRE(rows);
  CHECK((*rows)[0]["file"] == untidy);
  CHECK((*rows)[0]["changed"] == true);
  CHECK((*rows)[1]["changed"] == false);
  CHECK(run_cli({"fmt", "--check", "-f", "-"}, {.input = kUntidy}).out == "<stdin>\n");
}

TEST_CASE("fmt copies standard input to standard output, formatted") {
  const CliRun run = run_cli({"fmt", "-f", "-"}, {.input = kUntidy});
  CHECK(run.code == 0);
  CHECK(run.out == kTidy);
  CHECK(run_cli({"fmt", "-f", "-", "x.yaml"}, {.input = kUntidy}).code == 2);
}

TEST_CASE("a file that is no YAML stops fmt before anything is written") {
  FakeApi api;
  const std::string untidy = write(api, "a.yaml", kUntidy);
  const std::string broken = write(api, "b.yaml", "a: 1\na: 2\nb: [\n");
  const std::string workflow_error = write(api, "c.yaml", "nam: a\nsteps: 1\n");
  const CliRun run = run_cli({"fmt", "-f", untidy, broken, api.directory() + "/none.yaml"});
  CHECK(run.code == 3);
  CHECK(has(run.err, broken + ":"));
  CHECK(has(run.err, "none.yaml"));
  CHECK(content(untidy) == kUntidy);
  CHECK(has(run_cli({"fmt", "-f", broken, "--format", "github"}).out, "::error file=" + broken + ",line="));
  CHECK(run_cli({"fmt", "-f", workflow_error}).code == 0);
  CHECK(content(workflow_error) == "steps: 1\nnam: a\n");
}

TEST_CASE("fmt follows a symbolic link and leaves alone what it may not write") {
  FakeApi api;
  const std::string target = write(api, "real/a.yaml", kUntidy);
  const std::string link = api.directory() + "/link.yaml";
  fs::create_symlink("real/a.yaml", link);
  CHECK(run_cli({"fmt", "-f", link}).code == 0);
  CHECK(fs::is_symlink(link));
  CHECK(content(target) == kTidy);
  const CliRun device = run_cli({"fmt", "-f", "/dev/null"});
  CHECK(device.code == 0);  // empty, and so canonical
}
