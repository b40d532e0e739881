// ipaas diff: what a person, a program and a pull request are told.
#include <filesystem>
#include <fstream>

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

std::string workflow(const std::string& name, const std::string& steps = "  - log: hello\n") {
  return "name: " + name + "\non:\n  manual: {}\nsteps:\n" + steps;
}

/// A daemon with one live workflow `a`, in the set `shop`, beside `gone`; it would take any apply.
struct Daemon {
  explicit Daemon(const std::string& source = workflow("a"), const std::string& set = "shop") {
    const Json live = {{"name", "a"}, {"version", 2}, {"set", set}, {"source", source}};
    const Json gone = {{"name", "gone"}, {"version", 7}, {"set", "shop"}, {"source", workflow("gone")}};
    api.get("/api/v1/workflows", dump_json(Json::array({live, gone})));
    api.get("/api/v1/workflows/a", dump_json(live));
    api.get("/api/v1/workflows/gone", dump_json(gone));
    api.refuse("/api/v1/workflows/new", 404, R"({"code":"not_found","message":"none"})");
    api.post("/api/v1/workflows/apply", "[]");
    api.start();
  }
  ipaas::test::CliRun diff(const std::string& input, std::vector<std::string> flags = {}, bool terminal = false) {
    flags.insert(flags.begin(), {"diff", "-f", "-"});
    return run_cli(flags, {.host = api.host(), .input = input, .terminal = terminal});
  }
  FakeApi api;
};

}  // namespace

TEST_CASE("diff says by step what another text would do, in a line each") {
  Daemon daemon(workflow("a", "  - { id: tell, log: good bye }\n  - { id: old, log: x }\n"));
  const auto run = daemon.diff(workflow("a", "  - { id: fresh, set: { k: 1 } }\n  - { id: tell, log: hello }\n"));
  CHECK(run.code == 1);
  CHECK(run.err.empty());
  CHECK(run.out ==
        "~ a: updated from version 2 by <stdin>\n"
        "    - steps.old:\n"
        "    -   id: old\n"
        "    -   log: x\n"
        "    + steps.fresh:\n"
        "    +   id: fresh\n"
        "    +   set:\n"
        "    +     k: 1\n"
        "    ~ steps.tell.log: \"good bye\" -> \"hello\"\n");
}

TEST_CASE("comments and layout are told from meaning, and still make a version") {
  Daemon daemon;
  const auto run = daemon.diff("# why\n" + workflow("a"));
  CHECK(run.code == 1);
  CHECK(has(run.out, "only the text differs (comments or layout)"));
  CHECK(daemon.diff(workflow("a")).code == 0);
  CHECK(daemon.diff(workflow("a")).out.empty());
  // What apply calls unchanged, diff does, too.
  CHECK(daemon.diff("---\n" + workflow("a")).code == 0);
}

TEST_CASE("a text of several lines is shown by the lines that differ") {
  Daemon daemon(workflow("a", "  - log: |\n      one\n      two\n      three\n"));
  const auto run = daemon.diff(workflow("a", "  - log: |\n      one\n      2\n      three\n"));
  CHECK(has(run.out, "    ~ steps.step-1.log:\n        one\n    -   two\n    +   2\n        three\n"));
}

TEST_CASE("long values and blocks are cut at a character, and say so") {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "ä";
  Daemon daemon(workflow("a", "  - log: x\n"));
  const auto run = daemon.diff(workflow("a", "  - log: " + text + "\n"));
  CHECK(has(run.out, "bytes more)"));
  CHECK_FALSE(has(run.out, "\\x"));
  std::string steps = "  - id: s\n    set:\n";
  for (int i = 0; i < 200; ++i) steps += "      k" + std::to_string(i) + ": 1\n";
  CHECK(has(daemon.diff(workflow("a", steps)).out, "more lines"));
}

TEST_CASE("a difference shows no secret and steers no terminal") {
  Daemon daemon(workflow("a", "  - set: { password: old-hunter-1, x: \"\\e[2J\" }\n"));
  const std::string text = workflow(
      "a", "  - set: { password: new-hunter-2, x: \"\\e[31m\", t: ghp_0123456789abcdefghijABCDEFGHIJ012345 }\n");
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{}, {"-o", "json"}, {"-o", "markdown"}, {"--unified"}}) {
    const auto run = daemon.diff(text, flags);
    INFO(run.out);
    CHECK(run.code == 1);
    CHECK_FALSE(has(run.out, "hunter"));
    CHECK((has(run.out, "set.password: is another secret") || has(run.out, "REDACTED")));
    CHECK_FALSE(has(run.out, "ghp_0123"));
    CHECK_FALSE(has(run.out, "\x1b"));
  }
}

TEST_CASE("a terminal gets colours, and --no-color takes them") {
  Daemon daemon;
  CHECK(has(daemon.diff(workflow("new"), {}, true).out, "\x1b["));
  CHECK_FALSE(has(daemon.diff(workflow("new"), {"--no-color"}, true).out, "\x1b["));
}

TEST_CASE("the set that is given shows what would be pruned and what would move") {
  Daemon daemon;
  const auto pruned = daemon.diff(workflow("a"), {"--set", "shop", "--prune"});
  CHECK(pruned.code == 1);
  CHECK(has(pruned.out, "- gone: pruned\n    - name: \"gone\"\n"));
  CHECK(daemon.diff(workflow("a"), {"--set", "shop"}).code == 0);
  const auto moved = daemon.diff(workflow("a"), {"--set", "ops", "--prune"});
  CHECK(moved.code == 1);
  CHECK(moved.out == "~ a: unchanged by <stdin>, moves from the set shop to ops\n");
  CHECK(daemon.diff(workflow("a"), {"--prune"}).code == 2);
  CHECK(daemon.diff(workflow("a"), {"--set", ""}).code == 2);
}

TEST_CASE("diff -o json lists the changes of every workflow") {
  Daemon daemon;
  const auto run = daemon.diff(workflow("a", "  - log: bye\n") + "---\n" + workflow("new"),
                               {"-o", "json", "--set", "shop", "--prune"});
  CHECK(run.code == 1);
  const auto rows = parse_json(run.out);
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  const Json wanted = {{"path", "steps.step-1.log"}, {"kind", "changed"}, {"before", "hello"}, {"after", "bye"}};
  CHECK((*rows)[0]["changes"] == Json::array({wanted}));
  CHECK((*rows)[0]["version"] == 2);
  CHECK(has((*rows)[0]["diff"].get<std::string>(), "-  - log: hello\n+  - log: bye\n"));
  CHECK((*rows)[1]["action"] == "created");
  CHECK((*rows)[1]["version"].is_null());
  CHECK((*rows)[2]["action"] == "pruned");
}

TEST_CASE("markdown for a pull request has counts and a fold for each change") {
  Daemon daemon;
  const auto run = daemon.diff(workflow("a", "  - log: bye\n") + "---\n" + workflow("new"),
                               {"-o", "markdown", "--set", "shop", "--prune"});
  CHECK(run.code == 1);
  CHECK(has(run.out, "1 created, 1 updated, 1 pruned\n"));
  CHECK(has(run.out,
            "<details><summary><b>a</b>: updated by <code>&lt;stdin&gt;</code></summary>\n\n```diff\n"
            "- steps.step-1.log: \"hello\"\n+ steps.step-1.log: \"bye\"\n```\n\n</details>\n"));
  CHECK(has(run.out, "<b>gone</b>: pruned"));
  CHECK(daemon.diff(workflow("a"), {"-o", "markdown"}).out == "**ipaas**: 1 unchanged\n\n");
}

TEST_CASE("nothing in a workflow leaves its fence") {
  Daemon daemon;
  const auto run =
      daemon.diff(workflow("a", "  - log: |\n      x\n      ```\n      ````` </details> <img src=x>\n      # title\n"),
                  {"-o", "markdown"});
  CHECK(has(run.out, "\n``````diff\n"));
  CHECK(has(run.out, "\n``````\n\n</details>\n"));
  // The text's own fences are inside of marked lines.
  CHECK_FALSE(has(run.out, "\n```\n"));
}

TEST_CASE("markdown stays shorter than a comment may be") {
  Daemon daemon;
  std::string steps;
  for (int i = 0; i < 450; ++i) {
    steps += "  - id: s" + std::to_string(i) + "\n    log: " + std::string(280, 'x') + "\n";
  }
  const auto run = daemon.diff(workflow("a", steps), {"-o", "markdown"});
  CHECK(run.out.size() < 65'000);
  CHECK(has(run.out, "too long to show"));
}

TEST_CASE("what the daemon would refuse is warned of beside the difference") {
  FakeApi api;
  api.refuse("/api/v1/workflows/new", 404, R"({"code":"not_found","message":"none"})");
  api.refuse("/api/v1/workflows/apply", 400,
             R"({"code":"invalid_request","message":"m","details":[{"code":"credential_missing",)"
             R"("message":"the credential 'ops' does not exist","hint":"create it","file":"f","line":3,"column":1}]})");
  api.start();
  const auto diff = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"diff", "-f", "-"});
    return run_cli(flags, {.host = api.host(), .input = workflow("new")});
  };
  const auto run = diff({});
  CHECK(run.code == 1);
  CHECK(has(run.out, "+ new: created"));
  CHECK(has(run.err, "warning: f:3:1: the credential 'ops' does not exist"));
  CHECK(has(diff({"-o", "markdown"}).out, "would refuse this now:**\n\n```text\nf:3:1: the credential"));
  CHECK(diff({"--strict"}).code == 3);
  CHECK(diff({"--strict"}).out.empty());
}

TEST_CASE("diff shows which credential a step would use, and no secret in any form of the answer") {
  const std::string before = "  - id: call\n    uses: http/request\n    credential: shop-old\n    with: { url: https://x.example }\n";
  const std::string after =
      "  - id: call\n    uses: http/request\n    credential: shop-new\n"
      "    with:\n      url: https://x.example\n      json:\n        api_key:\n          >-\n          abcd-efgh-ijkl\n";
  Daemon daemon(workflow("a", before));
  CHECK(has(daemon.diff(workflow("a", after)).out, "shop-old"));
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{}, {"--unified"}, {"-o", "markdown"}, {"-o", "json"}}) {
    const auto run = daemon.diff(workflow("a", after), flags);
    INFO(run.out);
    CHECK(run.code == 1);
    CHECK(has(run.out, "shop-new"));
    CHECK_FALSE(has(run.out, "abcd-efgh-ijkl"));
  }
}
