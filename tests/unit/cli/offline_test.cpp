#include <filesystem>
#include <fstream>
#include <tuple>

#include "cli/mask_stream.h"
#include "cli/unified_diff.h"
#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::parse_json;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

/// A file in the fake daemon's directory, which goes away with it.
std::string write(const FakeApi& api, const std::string& name, const std::string& text) {
  const std::string path = api.directory() + "/" + name;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

constexpr const char* kWorkflow = "name: %\non:\n  manual: {}\nsteps:\n  - log: hello\n";

std::string workflow(const std::string& name) {
  std::string text = kWorkflow;
  return text.replace(text.find('%'), 1, name);
}

}  // namespace

TEST_CASE("validate reports all errors of all files with their positions and exits 3") {
  FakeApi api;
  const std::string bad = write(api, "bad.yaml", "name: a\nstep: []\n");
  const std::string worse = write(api, "worse.yml", "name: [\n");
  const auto run = run_cli({"validate", "-f", bad, worse});
  CHECK(run.code == 3);
  CHECK(run.out.empty());
  CHECK(has(run.err, "error: " + bad + ":2:1: "));
  CHECK(has(run.err, "error: " + worse + ":"));
  const auto github = run_cli({"validate", "-f", bad, "--format", "github"});
  CHECK(github.code == 3);
  CHECK(has(github.out, "::error file=" + bad + ",line=2,col=1::"));
  CHECK(github.err.empty());
  const auto json = run_cli({"validate", "-f", worse, "-o", "json"});
  const auto error = parse_json(json.err.substr(0, json.err.find('\n')));
  REQUIRE(error);
  CHECK((*error)["file"] == worse);
  CHECK((*error)["line"] > 0);
}

TEST_CASE("a directory is read in order of names, deeply only with -R, and hidden files never") {
  FakeApi api;
  write(api, "w/b.yml", workflow("b"));
  write(api, "w/a.yaml", workflow("a"));
  write(api, "w/deep/c.yaml", workflow("c"));
  write(api, "w/.hidden.yaml", "not: [a workflow");
  write(api, "w/notes.txt", "not a workflow");
  const std::string directory = api.directory() + "/w";
  CHECK(run_cli({"validate", "-f", directory, "-o", "name"}).out == "workflow/a\nworkflow/b\n");
  CHECK(run_cli({"validate", "-R", "-f", directory, "-o", "name"}).out == "workflow/a\nworkflow/b\nworkflow/c\n");
  CHECK(run_cli({"validate", "-f", "-", "-o", "name"}, {.input = workflow("x") + "---\n" + workflow("y")}).out ==
        "workflow/x\nworkflow/y\n");
  CHECK(run_cli({"validate", "-f", directory + "/none.yaml"}).code == 3);
}

TEST_CASE("two workflows of one name are refused before anything is sent") {
  FakeApi api;
  api.start();
  const std::string first = write(api, "a.yaml", workflow("same"));
  const std::string second = write(api, "b.yaml", "# a comment\n" + workflow("same"));
  const auto run = run_cli({"apply", "-f", first, second}, {.host = api.host()});
  CHECK(run.code == 3);
  CHECK(has(run.err, second + ":2:1: a second workflow is named `same`; the first is in " + first));
  CHECK(api.seen().empty());
}

TEST_CASE("apply sends every document with its file and the run of CI as message") {
  FakeApi api;
  api.post("/api/v1/workflows/apply", R"([{"name":"a","action":"created","version":1,"id":"wf_1"}])");
  api.start();
  const std::string file = write(api, "a.yaml", workflow("a"));
  const auto run = run_cli(
      {"apply", "-f", file, "--dry-run"},
      {.host = api.host(), .variables = {{"GITHUB_SHA", "abc"}, {"GITHUB_REPOSITORY", "o/r"}, {"GITHUB_RUN_ID", "7"}}});
  CHECK(run.code == 0);
  CHECK(run.out == "NAME  ACTION   VERSION\na     created  1\n");
  CHECK(has(run.err, "dry run"));
  const auto body = parse_json(api.bodies().front());
  REQUIRE(body);
  CHECK((*body)["documents"][0]["file"] == file);
  CHECK(has((*body)["documents"][0]["source"].get<std::string>(), "name: a"));
  CHECK((*body)["message"] == "commit abc (https://github.com/o/r/actions/runs/7)");
  CHECK((*body)["dry_run"] == true);
}

TEST_CASE("diff exits 0 when nothing would change, 1 when something would, and more on an error") {
  FakeApi api;
  const std::string same = write(api, "same.yaml", workflow("same"));
  const std::string changed = write(api, "changed.yaml", workflow("changed"));
  const std::string fresh = write(api, "fresh.yaml", workflow("fresh"));
  const auto live = [&](const std::string& name, const std::string& source) {
    api.get("/api/v1/workflows/" + name, ipaas::dump_json({{"name", name}, {"version", 2}, {"source", source}}));
  };
  live("same", workflow("same"));
  live("changed", "name: changed\non:\n  manual: {}\nsteps:\n  - log: good bye\n");
  api.refuse("/api/v1/workflows/fresh", 404, R"({"code":"not_found","message":"none"})");
  api.refuse("/api/v1/workflows/broken", 500, R"({"code":"internal","message":"none"})");
  api.post("/api/v1/workflows/apply", "[]");
  api.start();
  CHECK(run_cli({"diff", "-f", same}, {.host = api.host()}).code == 0);
  const auto run = run_cli({"diff", "--unified", "-f", changed}, {.host = api.host()});
  CHECK(run.code == 1);
  CHECK(run.out == "--- live/changed (version 2)\n+++ " + changed +
                       "\n@@ -2,4 +2,4 @@\n on:\n   manual: {}\n steps:\n-  - log: good bye\n+  - log: hello\n");
  CHECK(run_cli({"diff", "-f", fresh}, {.host = api.host()}).code == 1);
  CHECK(run_cli({"diff", "-f", write(api, "broken.yaml", workflow("broken"))}, {.host = api.host()}).code == 2);
  CHECK(run_cli({"diff", "-f", write(api, "bad.yaml", "name: [")}, {.host = api.host()}).code == 3);
  CHECK(run_cli({"diff", "-f", same}, {.host = "unix:///nonexistent/x.sock"}).code == 6);
}

TEST_CASE("mask keeps bytes that are no secret and takes out one that spans lines") {
  const std::string text = std::string("a\0b\xff\n", 5) + "no newline at the end";
  CHECK(run_cli({"mask"}, {.input = text}).out == text);
  const auto run =
      run_cli({"mask"}, {.input = "before\npassword=hunter22\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n"
                                  "-----END PRIVATE KEY-----\nafter\n"});
  CHECK(has(run.out, "before\n"));
  CHECK(has(run.out, "after\n"));
  CHECK_FALSE(has(run.out, "hunter22"));
  CHECK_FALSE(has(run.out, "MIIEvQ"));
}

TEST_CASE("mask spells out control characters on a terminal and keeps its lines") {
  const auto run = run_cli({"mask"}, {.input = "a\x1b[2Jb\nthe end", .terminal = true});
  CHECK(run.out == "a\\x1b[2Jb\nthe end");
}

TEST_CASE("the hunk of a new or an emptied file counts the missing side from 0") {
  CHECK(ipaas::cli::unified_diff("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(ipaas::cli::unified_diff("", "a") == "@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n");
  CHECK(ipaas::cli::unified_diff("a\n", "") == "@@ -1,1 +0,0 @@\n-a\n");
  CHECK(ipaas::cli::unified_diff("", "").empty());
}

TEST_CASE("a credential's fields are checked before anything is sent, and never echoed") {
  FakeApi api;
  api.post("/api/v1/credentials", R"({"id":"cr_1","name":"c","type":"bearer"})", 201);
  api.start();
  const auto create = [&](const std::string& type, const std::string& input) {
    return run_cli({"credential", "create", "c", "--type", type, "--from-file", "-"},
                   {.host = api.host(), .input = input});
  };
  const auto mistyped = create("baerer", R"({"token":"s3cr3t-value"})");
  CHECK(mistyped.code == 3);
  CHECK(has(mistyped.err, "did you mean `bearer`?"));
  for (const char* wrong :
       {R"({"tokn":"s3cr3t-value"})", R"(["s3cr3t-value"])", "s3cr3t-value", R"({"token":"abc"})", "{}"}) {
    const auto run = create("bearer", wrong);
    INFO(wrong << run.err);
    CHECK(run.code == 3);
    CHECK_FALSE(has(run.err, "s3cr3t"));
  }
  CHECK(api.seen().empty());
  CHECK(create("bearer", R"({"token":"s3cr3t-value"})").out == "credential/c created\n");
  CHECK(api.bodies().front() == R"({"name":"c","type":"bearer","fields":{"token":"s3cr3t-value"}})");
  const auto asked = run_cli({"credential", "create", "c", "--type", "bearer"},
                             {.host = api.host(), .input = "\n\n\n", .secrets = {"s3cr3t-value"}, .terminal = true});
  CHECK(asked.code == 0);
  CHECK(api.bodies().back() == api.bodies().front());
  CHECK(run_cli({"credential", "create", "c", "--type", "bearer"}, {.host = api.host()}).code == 2);
}

TEST_CASE("webhook sign prints the sender's headers") {
  FakeApi api;
  // The example of GitHub's documentation, "Validating webhook deliveries".
  const std::string body = write(api, "body", "Hello, World!");
  const std::string secret = "It's a Secret to Everybody\n";
  const std::vector<std::string> sign = {"webhook", "sign", "--scheme", "github", "--secret-stdin", "-f", body};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), sign.begin(), sign.end());
    return run_cli(more, {.input = secret});
  };
  const std::string digest = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  CHECK(has(with({}).out, "X-Hub-Signature-256: " + digest + "\n"));
  CHECK((*parse_json(with({"-o", "json"}).out))["X-Hub-Signature-256"] == digest);
  CHECK(has(with({"-o", "curl"}).out, "-H 'X-Hub-Signature-256: " + digest + "'"));
  CHECK(with({"--scheme", "githb"}).code == 2);
  CHECK(run_cli({"webhook", "sign", "--scheme", "githb", "--secret-stdin", "-f", body}, {.input = secret}).code == 2);
  CHECK(run_cli({"webhook", "sign", "--scheme", "github", "-f", body}).code == 2);
  CHECK(run_cli(sign, {.input = "\n"}).code == 3);
}

TEST_CASE("webhook sign asks a terminal for the secret without echo, with --secret-stdin too") {
  const std::vector<std::string> sign = {"webhook", "sign", "--scheme", "bearer", "-f", "/dev/null"};
  std::vector<std::string> from_stdin = sign;
  from_stdin.emplace_back("--secret-stdin");
  for (const auto& arguments : {sign, from_stdin}) {
    const auto run = run_cli(arguments, {.input = "not this\n", .secrets = {"s3cr3t"}, .terminal = true});
    CHECK(run.code == 0);
    CHECK(run.err == "secret: \n");
    CHECK(run.out == "Authorization: Bearer s3cr3t\n");
    CHECK(run_cli(arguments, {.secrets = {""}, .terminal = true}).code == 3);
  }
  CHECK(has(run_cli({"webhook", "sign", "--help"}).out, "-H 'Content-Type: application/json'"));
}

TEST_CASE("completion scripts are scripts and know every command") {
  const std::string bash = run_cli({"completion", "bash"}).out;
  for (const char* word :
       {"apply", "'workflow list'", "'credential create'", "--from-file", "table wide json yaml name"}) {
    CHECK(has(bash, word));
  }
  FakeApi api;
  const std::string script = write(api, "ipaas.bash", bash);
  CHECK(std::system(("bash -n '" + script + "'").c_str()) == 0);
  // What Tab offers after `ipaas workflow l`.
  const std::string offer = "bash -c 'source \"" + script +
                            "\"; COMP_WORDS=(ipaas workflow l); COMP_CWORD=2; _ipaas; "
                            "[ \"${COMPREPLY[*]}\" = list ]'";
  CHECK(std::system(offer.c_str()) == 0);
  // And after `ipaas workflow get be` and `ipaas logs -w al`, with the names that the daemon knows.
  const std::string program = write(api, "ipaas", "#!/bin/sh\n[ \"$1 $2\" = 'workflow list' ] && printf 'workflow/alpha\\nworkflow/beta\\n'\n");
  REQUIRE(std::system(("chmod +x '" + program + "'").c_str()) == 0);
  for (const auto& [words, last, wanted] : {std::tuple{"ipaas workflow get be", 3, "beta"}, std::tuple{"ipaas logs -w al", 3, "alpha"}}) {
    const std::string named = "PATH=\"" + api.directory() + ":$PATH\" bash -c 'source \"" + script + "\"; COMP_WORDS=(" + words +
                              "); COMP_CWORD=" + std::to_string(last) + "; _ipaas; [ \"${COMPREPLY[*]}\" = " + wanted + " ]'";
    CHECK(std::system(named.c_str()) == 0);
  }
  for (const char* word : {"bash zsh fish", "'generic bearer", "debug info warn error", "text github",
                           "queued running waiting", "github slack stripe standard-webhooks shopify"}) {
    INFO(word);
    CHECK(has(bash, word));
  }
  CHECK(has(run_cli({"completion", "zsh"}).out, "#compdef ipaas\n"));
  CHECK(has(run_cli({"completion", "fish"}).out, "complete -c ipaas"));
  CHECK(run_cli({"completion", "tcsh"}).code == 2);
}

TEST_CASE("the man page names every command and has no mistake that mandoc finds") {
  const std::string page = std::string(IPAAS_SOURCE_DIR) + "/packaging/man/ipaas.1";
  std::ifstream file(page);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  for (const char* command :
       {"apply", "diff", "validate", "run", "logs", "mask", "workflow list", "execution wait", "webhook sign", "webhook verify",
        "credential create", "connector list", "admin status", "completion", "version"}) {
    INFO(command);
    CHECK(has(text, std::string("Cm ") + command));
  }
  if (std::system("command -v mandoc >/dev/null") == 0)
    CHECK(std::system(("mandoc -Tlint -Wwarning '" + page + "'").c_str()) == 0);
}
