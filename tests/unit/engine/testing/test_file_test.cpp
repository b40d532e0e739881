#include "core/engine/testing/test_file.h"

#include "core/base/time_text.h"
#include "tests/unit/engine/engine_case.h"

using namespace ipaas;
using namespace ipaas::engine::testing;

namespace {

Result<std::string> no_files(const std::string& path) {
  if (path == "push.json") return R"({"ref": "main", "repository": {"name": "a", "id": 1}})";
  if (path == "broken.json") return "{";
  if (path == "note.txt") return "hello";
  return fail(ErrorKind::kInvalid, "cannot be read: No such file or directory", "check the path");
}

ResultOrErrors<TestFile> read(std::string_view text) {
  return read_tests(text, "flow.test.yaml", no_files);
}

/// "3:5 unknown_key, 7:1 yaml_syntax", or nothing.
std::string list(const std::vector<Error>& errors) {
  std::string text;
  for (const Error& error : errors) {
    CHECK(error.file == "flow.test.yaml");
    text += (text.empty() ? "" : ", ") + std::to_string(error.position.line) + ":" +
            std::to_string(error.position.column) + " " + error.code;
  }
  return text;
}

std::string problems(std::string_view text) {
  const auto tests = read(text);
  return tests ? "" : list(tests.error());
}

TestCase only_case(std::string_view text) {
  auto tests = read(text);
  if (!tests) FAIL(to_string(tests.error().front()));
  REQUIRE(tests->cases.size() == 1);
  return tests->cases.front();
}

language::WorkflowPtr workflow(std::string_view triggers, std::string_view steps, std::string_view name = "flow") {
  static const test::FakeCatalog catalog;
  const std::string text =
      "name: " + std::string(name) + "\non: " + std::string(triggers) + "\nsteps:\n" + std::string(steps);
  const auto parsed = language::parse_workflows(text, "flow.yaml", catalog);
  if (!parsed) FAIL(to_string(parsed.error().front()));
  return parsed->front();
}

constexpr auto kSteps =
    "  - { id: ask, uses: http/request, with: { url: \"https://a.example/\" } }\n"
    "  - { id: say, log: hello }\n";
constexpr auto kWebhook = "{ webhook: { verify: { scheme: none } } }";

std::string checked(std::string_view text, const std::vector<language::WorkflowPtr>& workflows) {
  const auto tests = read(text);
  if (!tests) FAIL(to_string(tests.error().front()));
  return list(check_tests(*tests, workflows));
}

}  // namespace

TEST_CASE("a test file is read with what its cases share") {
  const auto tests = read(
      "workflow: other.yaml\nnow: 2026-11-22T08:00:00Z\nmocks: { ask: { outputs: { n: 1 } } }\ncases:\n"
      "  - name: one\n"
      "  - name: two\n    now: 2027-01-01T00:00:00+01:00\n    mocks: { ask: [ { error: { code: timeout } }, {} ] }\n");
  REQUIRE(tests);
  CHECK(tests->workflow_file == "other.yaml");
  REQUIRE(tests->cases.size() == 2);
  CHECK(format_instant(tests->cases[0].now) == "2026-11-22T08:00:00.000Z");
  CHECK(format_instant(tests->cases[1].now) == "2026-12-31T23:00:00.000Z");
  CHECK(tests->cases[0].mocks.front().every_try);
  REQUIRE(tests->cases[1].mocks.front().answers.size() == 2);
  CHECK_FALSE(tests->cases[1].mocks.front().every_try);
  CHECK(tests->cases[0].position == SourcePosition{5, 5});
  CHECK(tests->cases[0].expect.json() == Json{{"status", "succeeded"}});
}

TEST_CASE("the sample of a body can be changed by a case, part by part") {
  const TestCase test = only_case(
      "cases:\n  - name: one\n    event:\n      body-file: push.json\n"
      "      body: { ref: dev, repository: { id: null, name: b } }\n      headers: { X-GitHub-Event: push, X-N: 5 }\n");
  REQUIRE(test.event);
  CHECK(test.event->members["body"] == Json{{"ref", "dev"}, {"repository", {{"name", "b"}}}});
  CHECK(test.event->members["headers"] == Json{{"x-github-event", "push"}, {"x-n", "5"}});
  CHECK(only_case("cases:\n  - name: one\n    event: { body-file: note.txt }\n").event->members["body"] == "hello");
}

TEST_CASE("an expected error means that it fails, unless a status says otherwise") {
  CHECK(only_case("cases:\n  - name: a\n    expect: { error: { code: rejected } }\n").expect.find("status")->json() ==
        "failed");
  CHECK(only_case("cases:\n  - name: a\n    expect: { error: null }\n").expect.find("status")->json() == "succeeded");
  CHECK(only_case("cases:\n  - name: a\n    expect: { status: refused, error: { code: x } }\n")
            .expect.find("status")
            ->json() == "refused");
}

TEST_CASE("everything that is wrong with a test file is said at once, with its place") {
  CHECK(problems("") == "1:1 empty_document");
  CHECK(problems("cases: []\n") == "1:8 missing_value");
  CHECK(problems("case:\n  - name: a\n") == "1:1 unknown_key, 1:1 missing_key");
  CHECK(problems("cases:\n  - expects: {}\n    event: { boddy: 1 }\n") ==
        "2:5 unknown_key, 2:5 missing_key, 3:14 unknown_key");
  CHECK(problems("cases:\n  - name: 5\n") == "2:11 wrong_type");
  CHECK(problems("cases:\n  - name: \"\"\n") == "2:11 missing_value");
  CHECK(problems("cases:\n  - name: a\n  - name: a\n") == "3:11 duplicate_case");
  CHECK(problems("cases:\n  - name: a\n    now: yesterday\n") == "3:10 bad_value");
  CHECK(problems("cases:\n  - name: a\n    trigger: cron\n") == "3:14 bad_value");
  CHECK(problems("cases:\n  - name: a\n---\ncases:\n  - name: b\n") == "3:1 too_many_documents");
  CHECK(problems("cases:\n  - name: a\n    inputs: [1]\n") == "3:13 wrong_type");
  CHECK(problems("cases:\n  - name: [\n").ends_with("yaml_syntax"));
}

TEST_CASE("a wrong mock is refused") {
  const auto with = [](const std::string& mocks) {
    return problems("cases:\n  - name: a\n    mocks: " + mocks + "\n");
  };
  CHECK(with("5") == "3:12 wrong_type");
  CHECK(with("{ ask: { output: {} } }") == "3:21 unknown_key");
  CHECK(with("{ ask: { outputs: {}, error: {} } }") == "3:34 exclusive_keys");
  CHECK(with("{ ask: { error: { code: time-out } } }") == "3:36 bad_value");
  CHECK(with("{ ask: { reply: { body: {} } } }") == "3:21 missing_key");
  CHECK(with("{ ask: { reply: { status: 99 } } }") == "3:38 out_of_range");
  CHECK(with("{ ask: [] }") == "3:19 missing_value");
  CHECK(with("{ ask: { takes: soon } }") == "3:28 bad_duration");
}

TEST_CASE("a wrong expectation is refused") {
  const auto with = [](const std::string& expect) {
    return problems("cases:\n  - name: a\n    expect: " + expect + "\n");
  };
  CHECK(with("{ status: success }") == "3:23 bad_value");
  CHECK(with("{ steps: { ask: { outcome: succeeded } } }") == "3:40 bad_value");
  CHECK(with("{ steps: { ask: { attempts: many } } }") == "3:41 wrong_type");
  CHECK(with("{ calls: {} }") == "3:22 wrong_type");
  CHECK(with("{ calls: [ { stepp: ask } ] }") == "3:26 unknown_key");
  CHECK(with("{ logs: [ 5 ] }") == "3:23 wrong_type");
  CHECK(with("{ exact: maybe }") == "3:22 wrong_type");
}

TEST_CASE("a body's file that cannot be read or is no JSON is an error where it is named") {
  const auto missing = read("cases:\n  - name: a\n    event: { body-file: none.json }\n");
  REQUIRE_FALSE(missing);
  CHECK(to_string(missing.error().front()).starts_with("flow.test.yaml:3:25: `none.json`: cannot be read"));
  CHECK(problems("cases:\n  - name: a\n    event: { body-file: broken.json }\n") == "3:25 unreadable_input");
}

TEST_CASE("steps, triggers and workflows that are not there are errors, with what was meant") {
  const std::vector<language::WorkflowPtr> flows = {workflow(kWebhook, kSteps)};
  CHECK(
      checked(
          "cases:\n  - name: a\n    mocks: { ask: {} }\n    expect: { steps: { say: {} }, calls: [ { step: ask } ] }\n",
          flows)
          .empty());
  CHECK(
      checked(
          "cases:\n  - name: a\n    mocks: { aks: {} }\n    expect: { steps: { sya: {} }, calls: [ { step: akk } ] }\n",
          flows) == "3:14 unknown_step, 4:24 unknown_step, 4:52 unknown_step");
  CHECK(checked("cases:\n  - name: a\n    mocks: { say: {} }\n", flows) == "3:14 no_call");
  CHECK(checked("cases:\n  - name: a\n    mocks: { 'x[0].ask': {} }\n", flows) == "3:14 unknown_step");
  CHECK(checked("cases:\n  - name: a\n    mocks: { ask: { error: { code: child_failed } } }\n", flows) == "3:14 unfit_mock");
  CHECK(checked("cases:\n  - name: a\n    trigger: manual\n", flows) == "3:14 unknown_trigger");
  CHECK(checked("cases:\n  - name: a\n    inputs: { x: 1 }\n", flows).empty());  // a call
  CHECK(checked("cases:\n  - name: a\n    trigger: webhook\n    inputs: { x: 1 }\n", flows) ==
        "4:13 unexpected_inputs");
  CHECK(checked("cases:\n  - name: a\n    event: { body: 1, cron: x }\n", flows) == "3:5 unknown_key");
  CHECK(checked("cases:\n  - name: a\n    workflow: folw\n", flows) == "3:15 unknown_workflow");
  const std::vector<language::WorkflowPtr> two = {flows.front(), workflow(kWebhook, kSteps, "second")};
  CHECK(checked("cases:\n  - name: a\n", two) == "2:5 missing_key");
  CHECK(checked("workflow: second\ncases:\n  - name: a\n", two).empty());
}

TEST_CASE("what starts a case follows from what it gives and from the workflow's triggers") {
  const auto trigger = [](std::string_view triggers, const std::string& more) -> std::string {
    const auto kind = trigger_of(only_case("cases:\n  - name: a\n" + more), *workflow(triggers, kSteps));
    return kind ? std::string(trigger_name(*kind)) : "open";
  };
  constexpr auto kAll = "{ webhook: { verify: { scheme: none } }, schedule: [ { cron: \"0 8 * * *\" } ], manual: {} }";
  constexpr auto kTwo = "{ webhook: { verify: { scheme: none } }, schedule: [ { cron: \"0 8 * * *\" } ] }";
  CHECK(trigger(kAll, "") == "manual");
  CHECK(trigger(kAll, "    inputs: {}\n") == "manual");
  CHECK(trigger(kAll, "    event: { body: 1 }\n") == "webhook");
  CHECK(trigger(kAll, "    event: { scheduled_for: 2026-11-22T08:00:00Z }\n") == "schedule");
  CHECK(trigger(kAll, "    trigger: schedule\n") == "schedule");
  CHECK(trigger(kTwo, "") == "open");
  CHECK(trigger(kWebhook, "") == "webhook");
}
