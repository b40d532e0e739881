#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::Json;
using ipaas::parse_json;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

constexpr const char* kWorkflow =
    "name: greet\non:\n  manual: {}\ninputs:\n  who: { type: string, default: world }\nsteps:\n"
    "  - id: ask\n    uses: http/request\n    with: { url: \"https://a.example/\", success: \"${{ status == 200 }}\" "
    "}\n"
    "  - id: say\n    log: \"Hello, ${{ inputs.who }}: ${{ steps.ask.outputs.body.text }}\"\n";

constexpr const char* kTests =
    "mocks:\n  ask: { reply: { status: 200, body: { text: hi } } }\ncases:\n"
    "  - name: greets the world\n    expect: { logs: [ \"Hello, world: hi\" ] }\n"
    "  - name: greets Ada\n    inputs: { who: Ada }\n    expect: { logs: [ \"Hello, Ada: hi\" ] }\n";

/// A directory with a workflow and its test.
class Flows {
 public:
  Flows() {
    write("greet.yaml", kWorkflow);
    write("greet.test.yaml", kTests);
  }
  std::string path(const std::string& name = "") const {
    return api_.directory() + "/w" + (name.empty() ? "" : "/" + name);
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

 private:
  FakeApi api_;
};

}  // namespace

TEST_CASE("workflow test finds the test beside a workflow, by its own name and in a directory") {
  const Flows flows;
  for (const std::string& path : {flows.path("greet.yaml"), flows.path("greet.test.yaml"), flows.path()}) {
    const auto run = run_cli({"workflow", "test", "-f", path});
    CHECK(run.code == 0);
    CHECK(run.err.empty());
    CHECK(run.out == flows.path("greet.test.yaml") +
                         "\n  ok    greets the world\n  ok    greets Ada\n2 passed, 0 failed (0 ms)\n");
  }
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path("greet.yaml"), flows.path()}).out, "2 passed"));
  flows.write("deep/other.test.yml",
              "workflow: ../greet.yaml\nmocks: { ask: { reply: { status: 200 } } }\ncases: [ { name: deep } ]\n");
  CHECK(has(run_cli({"workflow", "test", "-R", "-f", flows.path()}).out, "3 passed"));
}

TEST_CASE("a difference exits 1 with its place, the two values, and why it failed") {
  const Flows flows;
  flows.write("greet.test.yaml",
              "cases:\n  - name: fails\n    mocks: { ask: { reply: { status: 500, body: { error: down } } } }\n"
              "    expect:\n      status: succeeded\n");
  const auto run = run_cli({"workflow", "test", "-f", flows.path()}, {.terminal = true});
  CHECK(run.code == 1);
  CHECK(has(run.out, "greet.test.yaml:5:15\x1b[0m: status\n"));
  CHECK(has(run.out, "expected  \x1b[32m\"succeeded\"\x1b[0m"));
  CHECK(has(run.out, "actual    \x1b[31m\"failed\"\x1b[0m"));
  CHECK(has(run.out, "because   ask: rejected: "));
  CHECK(has(run.out, "0 passed, 1 failed"));
  const auto github = run_cli({"workflow", "test", "-f", flows.path(), "--format", "github"});
  CHECK(github.code == 1);
  CHECK(has(github.out, "::error file=" + flows.path("greet.test.yaml") + ",line=5,col=15::fails: status: expected"));
}

TEST_CASE("what a program reads of a run is an array of cases") {
  const Flows flows;
  flows.write("greet.test.yaml", std::string(kTests) + "  - name: wrong\n    expect: { outputs: { a: 1 } }\n");
  const auto run = run_cli({"workflow", "test", "-f", flows.path(), "-o", "json"});
  CHECK(run.code == 1);
  const auto rows = parse_json(run.out);
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  const Json& wrong = (*rows)[2];
  CHECK(wrong["status"] == "failed");
  CHECK(wrong["line"] == 9);
  CHECK(wrong["failures"][0]["path"] == "outputs.a");
  CHECK(wrong["failures"][0]["expected"] == 1);
  CHECK_FALSE(wrong["failures"][0].contains("actual"));
  CHECK((*rows)[0]["outcome"]["calls"][0]["step"] == "ask");
  CHECK((*rows)[0]["logs"].size() > 1);
  CHECK(run_cli({"workflow", "test", "-f", flows.path(), "-o", "name"}).out ==
        "test/greets the world\ntest/greets Ada\ntest/wrong\n");
}

TEST_CASE("the connector reads a reply as it reads the real one") {
  const Flows flows;
  flows.write(
      "greet.test.yaml",
      "cases:\n  - name: a status that `success` does not take\n    mocks: { ask: { reply: { status: 204 } } }\n"
      "    expect: { error: { code: rejected, step: ask } }\n"
      "  - name: a receiver that asks to wait\n"
      "    mocks: { ask: [ { reply: { status: 429, headers: { Retry-After: 5 } } }, { reply: { status: 200 } } ] }\n"
      "    expect: { steps: { ask: { attempts: 1 } }, calls: [ { tries: 2 } ] }\n");
  const auto run = run_cli({"workflow", "test", "-f", flows.path(), "-v"});
  CAPTURE(run.out);
  CHECK(run.code == 0);
  CHECK(has(run.out, "was deferred"));
  CHECK(has(run.out, "2026-01-01T00:00:05.000Z"));
}

TEST_CASE("an input that the connector would refuse fails without a mock") {
  const Flows flows;
  flows.write("greet.yaml",
              "name: greet\non: { manual: {} }\nsteps:\n"
              "  - { id: ask, uses: http/request, with: { url: \"${{ inputs.u }}\" } }\n"
              "inputs: { u: { type: string, default: \"not a url\" } }\n");
  flows.write("greet.test.yaml", "cases:\n  - name: a\n    expect: { error: { code: input_invalid, step: ask } }\n");
  CHECK(run_cli({"workflow", "test", "-f", flows.path()}).code == 0);
}

TEST_CASE("invalid files exit 3 with every error's place, and the others still run") {
  const Flows flows;
  flows.write("bad.yaml", kWorkflow);
  flows.write("bad.test.yaml", "cases:\n  - name: a\n    expct: {}\n    mocks: { ak: {} }\n");
  flows.write("worse.yaml", "name: worse\non: { manual: {} }\nsteps:\n  - sleep: often\n");
  flows.write("worse.test.yaml", "cases: [ { name: a } ]\n");
  const auto run = run_cli({"workflow", "test", "-f", flows.path(), "--junit", flows.path("report.xml")});
  CHECK(run.code == 3);
  CHECK(has(run.err, "error: " + flows.path("bad.test.yaml") +
                         ":3:5: a case has no key `expct`: did you mean `expect`? [unknown_key]"));
  CHECK(has(run.err, "error: " + flows.path("worse.yaml") + ":4:12: "));
  CHECK(has(run.out, "2 passed, 0 failed, 2 files invalid"));
  const std::string report = flows.read("report.xml");
  CHECK(has(report, "<testsuites name=\"ipaas workflow test\" tests=\"4\" failures=\"0\" errors=\"2\""));
  const auto json = run_cli({"workflow", "test", "-f", flows.path("bad.yaml"), "-o", "json"});
  CHECK(json.code == 3);
  CHECK(has(json.err, "\"code\":\"unknown_key\""));
}

TEST_CASE("a workflow without a test, a path without anything and standard input are refused clearly") {
  const Flows flows;
  flows.write("alone.yaml", kWorkflow);
  const auto alone = run_cli({"workflow", "test", "-f", flows.path("alone.yaml")});
  CHECK(alone.code == 3);
  CHECK(has(alone.err, "alone.yaml: has no test: write " + flows.path("alone.test.yaml")));
  const auto directory = run_cli({"workflow", "test", "-f", flows.path()});
  CHECK(directory.code == 0);
  CHECK(has(directory.err, "warning: " + flows.path("alone.yaml") + ": has no test"));
  CHECK(run_cli({"workflow", "test", "-f", flows.path("none.yaml")}).code == 3);
  CHECK(run_cli({"workflow", "test", "-f", "-"}).code == 2);
  CHECK(run_cli({"workflow", "test"}).code == 2);
  std::filesystem::create_directories(flows.path("empty"));
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path("empty")}).err, "holds no *.test.yaml file: add -R"));
  flows.write("orphan.test.yaml", "cases: [ { name: a } ]\n");
  flows.write("lost.test.yaml", "workflow: gone.yaml\ncases: [ { name: a } ]\n");
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path("lost.test.yaml")}).err,
            flows.path("lost.test.yaml") + ":1:11: " + flows.path("gone.yaml") + ": cannot be read"));
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path("orphan.test.yaml")}).err,
            "there is no workflow orphan.yaml beside it"));
}

TEST_CASE("cases are chosen by a part of their name") {
  const Flows flows;
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path(), "-k", "ADA"}).out, "1 passed"));
  const auto none = run_cli({"workflow", "test", "-f", flows.path(), "--filter", "nobody"});
  CHECK(none.code == 5);
  CHECK(has(none.err, "no case has `nobody` in its name"));
}

TEST_CASE("one file of several workflows is tested by their names") {
  const Flows flows;
  std::string second = kWorkflow;
  second.replace(second.find("greet"), 5, "other");
  flows.write("greet.yaml", std::string(kWorkflow) + "---\n" + second);
  CHECK(run_cli({"workflow", "test", "-f", flows.path()}).code == 3);
  flows.write("greet.test.yaml",
              "mocks: { ask: { reply: { status: 200 } } }\ncases:\n  - { name: a, workflow: other }\n  - { name: a, "
              "workflow: greet }\n");
  CHECK(has(run_cli({"workflow", "test", "-f", flows.path()}).out, "2 passed"));
}

TEST_CASE("the JUnit report is XML whatever the names and values hold") {
  const Flows flows;
  flows.write("greet.test.yaml", std::string("mocks: { ask: { reply: { status: 200 } } }\ncases:\n") +
                                     "  - name: \"a <b> & \\\"c\\\" \\e[31m \\u202e \\uFFFE\"\n    expect: { outputs: "
                                     "{ x: \"</failure>\\0\" } }\n");
  const auto run = run_cli({"workflow", "test", "-f", flows.path(), "--junit", flows.path("report.xml")});
  CHECK(run.code == 1);
  CHECK_FALSE(has(run.out, "\x1b"));
  const std::string report = flows.read("report.xml");
  CHECK(has(report, "name=\"a &lt;b&gt; &amp; &quot;c&quot; [31m "));
  CHECK(has(report, "&lt;/failure&gt;"));
  CHECK_FALSE(has(report, "\x1b"));
  CHECK_FALSE(has(report, "\xef\xbf\xbe"));
  CHECK(report.find('\0') == std::string::npos);
  const auto refused = run_cli({"workflow", "test", "-f", flows.path(), "--junit", flows.path("none/report.xml")});
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "cannot be written"));
}

TEST_CASE("--watch runs again when a file changes, also after a mistake, until nobody reads any more") {
  const Flows flows;
  int pauses = 0;
  const auto run = run_cli({"workflow", "test", "--watch", "-f", flows.path()},
                           {.paused =
                                [&](int number) {
                                  pauses = number;
                                  if (number == 2) flows.write("greet.test.yaml", "cases: [\n");
                                  if (number == 4)
                                    flows.write("greet.test.yaml", std::string(kTests) + "  - name: a new one\n");
                                },
                            .reader_is_gone = [&] { return pauses == 6; }});
  CHECK(run.code == 0);
  CHECK(has(run.out, "2 passed, 0 failed"));
  CHECK(has(run.out, "0 passed, 0 failed, 1 file invalid"));
  CHECK(has(run.out, "3 passed, 0 failed"));
  CHECK(has(run.err, "waiting for a change"));
}

TEST_CASE("--watch notices a new test, and a body's file that changes") {
  const Flows flows;
  flows.write("alone.yaml", "name: alone\non: { webhook: { verify: { scheme: none } } }\nsteps: [ { set: 1 } ]\n");
  int pauses = 0;
  const auto run =
      run_cli({"workflow", "test", "--watch", "-f", flows.path("alone.yaml")},
              {.paused =
                   [&](int number) {
                     pauses = number;
                     if (number == 1) {
                       flows.write("b.json", "[1]");
                       flows.write("alone.test.yaml", "cases: [ { name: a, event: { body-file: b.json } } ]\n");
                     }
                     if (number == 3) flows.write("b.json", "[1, ");
                   },
               .reader_is_gone = [&] { return pauses == 5; }});
  CHECK(has(run.err, "alone.yaml: has no test"));
  CHECK(has(run.out, "1 passed, 0 failed"));
  CHECK(has(run.err, "alone.test.yaml:1:41: `b.json`: "));
  CHECK(run.code == 3);
}

TEST_CASE("help says how a test is written") {
  const auto help = run_cli({"workflow", "test", "--help"});
  CHECK(help.code == 0);
  for (const char* key : {"body-file", "retry-after", "cancel-after", "conclusion", "dedupe", "exact"})
    CHECK(has(help.out, key));
}

TEST_CASE("what a test shows is masked, and what it reads lies near it") {
  const Flows flows;
  flows.write("login.yaml",
              "name: login\non: { manual: {} }\nsteps:\n"
              "  - { id: made, set: { password: hunter2secret } }\n  - log: \"password=hunter2secret\"\n");
  flows.write("login.test.yaml",
              "cases:\n  - name: one\n    expect: { steps: { made: { outputs: { password: another } } } }\n");
  const auto run =
      run_cli({"workflow", "test", "-v", "-f", flows.path("login.yaml"), "--junit", flows.path("report.xml")});
  CHECK(run.code == 1);
  CHECK_FALSE(has(run.out + flows.read("report.xml"), "hunter2secret"));
  flows.write("login.test.yaml", "cases:\n  - name: one\n    event: { body-file: /etc/hostname }\n");
  const auto refused = run_cli({"workflow", "test", "-f", flows.path("login.yaml")});
  CHECK(refused.code == 3);
  CHECK(has(refused.err, "keep sample events beside the test"));
}
