// How an execution with loops, waits and calls looks.
#include "cli/output/execution_text.h"

#include "cli/output/step_tree.h"
#include "core/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"

using namespace ipaas;
using namespace ipaas::cli;
using ipaas::test::has;

namespace {

Json step(const std::string& path, const std::string& status = "succeeded", const std::string& kind = "uses") {
  return {{"path", path}, {"kind", kind}, {"status", status}, {"attempts", 1}};
}

std::string labels(const Json& steps) {
  std::string text;
  for (const StepRow& row : step_rows(steps)) text += row.label + "\n";
  return text;
}

const Instant kNow = *parse_instant("2026-01-01T00:00:00Z");

}  // namespace

TEST_CASE("the steps of rounds stand below their loop, round by round") {
  CHECK(labels({step("a"), step("all", "running", "for-each"), step("all[1].x"), step("all[0].x"), step("all[0].in"),
                step("all[0].in[0].deep"), step("all[10].x"), step("all[2].x"), step("b")}) ==
        "a\nall\n  [0] x\n  [0] in\n    [0] deep\n  [1] x\n  [2] x\n  [10] x\nb\n");
}

TEST_CASE("a path that belongs to nothing stands at the top, whatever is in it") {
  CHECK(labels({step("gone[3].x"), step(""), step("a].b"), step("[x].y"), step("z[99999999999999999999].y")}) ==
        "gone[3].x\n\na].b\n[x].y\nz[99999999999999999999].y\n");
}

TEST_CASE("where there is little room, what ended well goes first") {
  Json steps = {step("first"), step("all", "running", "for-each")};
  for (int i = 0; i < 50; ++i) steps.push_back(step("all[" + std::to_string(i) + "].x", i == 7 ? "failed" : i > 45 ? "running" : "succeeded"));
  auto rows = step_rows(steps);
  CHECK(fit_rows(rows, 10) == 42);
  REQUIRE(rows.size() == 10);
  std::string left;
  for (const auto& row : rows) left += row.label.substr(row.label.find_first_not_of(' ')) + " ";
  CHECK(has(left, "first all [7] x"));
  CHECK(has(left, "[49] x"));
  auto few = step_rows(steps);
  CHECK(fit_rows(few, 100) == 0);
  auto one = step_rows(steps);
  CHECK(fit_rows(one, 1) == 51);
}

TEST_CASE("what an execution waits for, until when and how it is answered") {
  Json waiting = step("ok", "waiting", "wait-for");
  waiting["wait"] = {{"kind", "approval"}, {"message", "Ship 3\x1b[2J?"}, {"roles", {"operator"}}, {"until", "2026-01-01T04:00:00Z"}};
  Json callback = step("all[2].back", "waiting", "wait-for");
  callback["wait"] = {{"kind", "callback"}, {"message", nullptr}, {"until", "2026-01-01T00:30:00Z"}};
  Json called = step("ship", "waiting", "call");
  called["child"] = "ex_child";
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 3}, {"status", "waiting"}, {"trigger", "manual"},
                          {"retry_of", "ex_0"}, {"parent", "ex_p"}, {"steps", {waiting, callback, called}}};
  const std::string text = execution_text(execution, Style(), kNow);
  CHECK(has(text, "retry of   ex_0\n"));
  CHECK(has(text, "called by  ex_p\n"));
  CHECK(has(text, "until 2026-01-01T04:00:00Z (in 4h0m)"));
  CHECK(has(text, "ok waits for an approval: Ship 3\\x1b[2J? (operator)\n  ipaas approval approve ex_1/ok\n"));
  CHECK(has(text, "all[2].back waits for a callback\n  ipaas execution signal ex_1 --step all[2].back\n"));
  CHECK(has(text, "called ex_child"));
}

TEST_CASE("a drawing is never higher than its screen") {
  Json steps = Json::array();
  for (int i = 0; i < 200; ++i) steps.push_back(step("s" + std::to_string(i), i > 100 ? "running" : "succeeded"));
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "running"}, {"trigger", "manual"}, {"steps", steps}};
  const std::string text = execution_text(execution, Style(), kNow, {.width = 60, .rows = 24, .spinner = "*"});
  CHECK(std::count(text.begin(), text.end(), '\n') < 24);
  CHECK(has(text, "* s1"));
  CHECK(has(text, "more\n"));
}

TEST_CASE("a dead letter says what to do with it") {
  Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "failed"}, {"trigger", "manual"}, {"care", "none"}};
  CHECK(has(execution_text(execution, Style(), kNow), "dead letter yes: ipaas execution retry ex_1\n"));
  execution["care"] = "discarded";
  CHECK(has(execution_text(execution, Style(), kNow), "dead letter no, it was discarded\n"));
}
