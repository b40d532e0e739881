#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/starter/starter.h"
#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::parse_json;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("every choice gives a workflow without a doubt and a test that passes") {
  for (const auto& trigger : ipaas::cli::starter_triggers()) {
    for (const auto& action : ipaas::cli::starter_actions()) {
      FakeApi api;
      const std::string directory = api.directory() + "/new";
      const auto made = run_cli({"init", directory, "--trigger", std::string(trigger.name), "--action",
                                 std::string(action.name), "--name", "my-flow"});
      CAPTURE(trigger.name, action.name, made.err);
      CHECK(made.code == 0);
      const std::string file = directory + "/my-flow.yaml";
      CHECK(has(made.out, "ipaas workflow test -f " + file));
      CHECK(has(made.out, "ipaas apply -f " + file));
      CHECK(has(read(directory + "/workflow.schema.json"), "http://json-schema.org/draft-07/schema#"));
      CHECK(read(file).starts_with("# yaml-language-server: $schema=./workflow.schema.json\n"));
      const auto valid = run_cli({"validate", "--strict", "-f", directory});
      CHECK(valid.code == 0);
      CHECK(valid.err.empty());
      const auto tested = run_cli({"workflow", "test", "-f", file});
      CHECK(tested.code == 0);
      CHECK(has(tested.out, action.name == "log" ? "1 passed, 0 failed" : "2 passed, 0 failed"));
      CHECK(tested.err.empty());
    }
  }
}

TEST_CASE("a terminal is asked two questions, until the answers are right; Enter takes the first") {
  FakeApi api;
  const auto made = run_cli({"init", api.directory()}, {.input = "webhok\nwebhook\n\n", .terminal = true});
  CHECK(made.code == 0);
  CHECK(has(made.err, "What starts it?"));
  CHECK(has(made.err, "did you mean `webhook`?"));
  CHECK(has(made.err, "What does it do?"));
  const std::string workflow = read(api.directory() + "/hello.yaml");
  CHECK(has(workflow, "scheme: bearer"));
  CHECK(has(workflow, "log: \"A message came: ${{ event.body.message }}\""));
  CHECK(has(made.out, "ipaas credential create webhook-token --type bearer"));
  const auto ended = run_cli({"init", api.directory(), "--name", "other"}, {.input = "manual\n", .terminal = true});
  CHECK(ended.code == 3);
  CHECK_FALSE(std::filesystem::exists(api.directory() + "/other.yaml"));
}

TEST_CASE("without a terminal nobody is asked, and a program can read what was written") {
  FakeApi api;
  const auto made = run_cli({"init", api.directory(), "-o", "json"}, {.input = "webhook\nslack\n"});
  CHECK(made.code == 0);
  const auto told = parse_json(made.out);
  REQUIRE(told);
  CHECK((*told)["files"][0] == api.directory() + "/hello.yaml");
  CHECK((*told)["next"].size() == 3);
  CHECK(has(read(api.directory() + "/hello.yaml"), "manual: {}"));
  CHECK(run_cli({"init", api.directory(), "--name", "two", "-o", "name"}).out ==
        api.directory() + "/two.yaml\n" + api.directory() + "/two.test.yaml\n");
}

TEST_CASE("nothing that is there is overwritten, and half of it is not written either") {
  FakeApi api;
  std::ofstream(api.directory() + "/hello.test.yaml") << "mine";
  const auto refused = run_cli({"init", api.directory()});
  CHECK(refused.code == 5);
  CHECK(has(refused.err, "hello.test.yaml is there already: give another --name"));
  CHECK_FALSE(std::filesystem::exists(api.directory() + "/hello.yaml"));
  CHECK(read(api.directory() + "/hello.test.yaml") == "mine");
  std::filesystem::create_symlink("/nonexistent/target", api.directory() + "/dangling.yaml");
  CHECK(run_cli({"init", api.directory(), "--name", "dangling"}).code == 5);
}

TEST_CASE("a wrong name, choice or place is refused with what to do") {
  FakeApi api;
  for (const char* name : {"Bad Name", "-x", "", "../up", "a/b"}) {
    CHECK(run_cli({"init", api.directory(), "--name=" + std::string(name)}).code == 2);
  }
  CHECK(run_cli({"init", api.directory(), "--name", std::string(63, 'a'), "--trigger", "webhook"}).code == 0);
  const auto trigger = run_cli({"init", api.directory(), "--trigger", "webhooks"});
  CHECK(trigger.code == 2);
  CHECK(has(trigger.err, "did you mean `webhook`?"));
  std::ofstream(api.directory() + "/file") << "x";
  const auto place = run_cli({"init", api.directory() + "/file/below"});
  CHECK(place.code == 3);
  CHECK(has(place.err, "cannot be written"));
  const auto quoted = run_cli({"init", api.directory() + "/it's here"});
  CHECK(has(quoted.out, "ipaas apply -f '" + api.directory() + "/it'\\''s here/hello.yaml'"));
}
