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

TEST_CASE("branches, cases and notices stand below their step, and handlers below their title") {
  Json branch = step("both.a");
  branch["path"] = "a";
  branch["within"] = "both";
  Json in_round = step("all[1].x");
  in_round["within"] = "all[1].which";
  Json tidy = step("tidy");
  tidy["handler"] = "finally";
  Json more = step("more");
  more["handler"] = "finally";
  Json strange = step("strange");
  strange["within"] = "nothing";
  CHECK(labels({step("both"), branch, step("all"), step("all[1].which"), in_round, tidy, more, strange}) ==
        "both\n  a\nall\n  [1] which\n    x\nfinally\n  tidy\n  more\nstrange\n");
}

TEST_CASE("where there is little room, what ended well goes first, and a mark stands where rows are missing") {
  Json steps = {step("first"), step("all", "running", "for-each")};
  for (int i = 0; i < 50; ++i) steps.push_back(step("all[" + std::to_string(i) + "].x", i == 7 ? "failed" : i > 45 ? "running" : "succeeded"));
  const auto fitted = [&](std::size_t room) {
    auto rows = step_rows(steps);
    fit_rows(rows, room);
    CHECK(rows.size() <= room);
    std::string text;
    for (const auto& row : rows) text += row.label + "\n";
    return text;
  };
  CHECK(fitted(9) == "first\nall\n  … 7 more\n  [7] x\n  … 38 more\n  [46] x\n  [47] x\n  [48] x\n  [49] x\n");
  CHECK(fitted(5) == "… 9 more\n  [7] x\n  … 40 more\n  [48] x\n  [49] x\n");
  CHECK(fitted(3) == "… 9 more\n  [7] x\n  … 42 more\n");
  CHECK(fitted(1) == "… 52 more\n");
  auto few = step_rows(steps);
  fit_rows(few, 100);
  CHECK(few.size() == 52);
}

TEST_CASE("of a long loop stands what matters, and how to see the rest") {
  Json steps = {step("all", "failed", "for-each")};
  for (int i = 0; i < 2000; ++i) steps.push_back(step("all[" + std::to_string(i) + "].x", i == 1234 ? "failed" : "succeeded"));
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "failed"}, {"trigger", "manual"}, {"steps", steps}};
  const std::string some = execution_text(execution, Style(), kNow, {.most_steps = 100});
  CHECK(std::count(some.begin(), some.end(), '\n') < 120);
  CHECK(has(some, "[1234] x"));
  CHECK(has(some, "\nall 2001 steps: ipaas execution get ex_1 -o wide\n"));
  const std::string all = execution_text(execution, Style(), kNow, {.most_steps = 2001});
  CHECK(std::count(all.begin(), all.end(), '\n') > 2000);
  CHECK_FALSE(has(all, "-o wide"));
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
  CHECK(has(text, "retry of     ex_0\n"));
  CHECK(has(text, "called by    ex_p\n"));
  CHECK(has(text, "until 2026-01-01T04:00:00Z (in 4h0m)"));
  CHECK(has(text, "ok waits for an approval: Ship 3\\x1b[2J? (operator)\n  ipaas approval approve ex_1/ok\n"));
  CHECK(has(text, "all[2].back waits for a callback\n  ipaas execution signal ex_1 --step 'all[2].back'\n"));
  CHECK(has(text, "called ex_child"));
}

TEST_CASE("a drawing is never higher than its screen") {
  Json steps = Json::array();
  for (int i = 0; i < 200; ++i) steps.push_back(step("s" + std::to_string(i), i > 100 ? "running" : "succeeded"));
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "running"}, {"trigger", "manual"}, {"steps", steps}};
  const std::string text = execution_text(execution, Style(), kNow, {.width = 60, .rows = 24, .spinner = "*"});
  CHECK(std::count(text.begin(), text.end(), '\n') < 24);
  CHECK(has(text, "* s1"));
  CHECK(has(text, " more "));
}

TEST_CASE("the last picture is whole") {
  Json steps = Json::array();
  for (int i = 0; i < 200; ++i) steps.push_back(step("s" + std::to_string(i)));
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "succeeded"}, {"trigger", "manual"}, {"steps", steps}};
  const std::string text = execution_text(execution, Style(), kNow, {.width = 60});
  CHECK(has(text, "s0 "));
  CHECK(has(text, "s199 "));
  CHECK_FALSE(has(text, "more"));
}

namespace {

Json dead_letter() {
  return {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "failed"}, {"trigger", "manual"}, {"care", "none"}};
}

}  // namespace

TEST_CASE("a dead letter says what to do with it") {
  Json execution = dead_letter();
  CHECK(has(execution_text(execution, Style(), kNow), "dead letter  yes: ipaas execution retry ex_1\n"));
  execution["retry"] = {{"allowed", false}, {"reason", "it was called by ex_0, which has not ended"}, {"hint", "ipaas execution get ex_0"}};
  CHECK(has(execution_text(execution, Style(), kNow),
            "dead letter  yes, but it was called by ex_0, which has not ended: ipaas execution get ex_0\n"));
  execution["care"] = "discarded";
  CHECK(has(execution_text(execution, Style(), kNow), "dead letter  no, it was discarded\n"));
  execution["care"] = "retried";
  execution["retried_as"] = "ex_2";
  CHECK(has(execution_text(execution, Style(), kNow), "dead letter  no, it was retried as ex_2\n"));
}

TEST_CASE("an approval that is not the caller's to give says whose it is") {
  Json waiting = step("ok", "waiting", "wait-for");
  waiting["wait"] = {{"kind", "approval"}, {"message", "Ship?"}, {"roles", Json::array()}, {"until", nullptr},
                     {"decide", {{"allowed", false}, {"reason", "you have started it"}, {"hint", "somebody else runs it"}}}};
  Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "waiting"}, {"trigger", "manual"}, {"steps", {waiting}}};
  CHECK(has(execution_text(execution, Style(), kNow), "ok waits for an approval: Ship?\n  you have started it:\n  somebody else runs it\n"));
  execution["steps"][0]["wait"]["decide"] = {{"allowed", true}};
  CHECK(has(execution_text(execution, Style(), kNow, {.width = 20}), "  ipaas approval approve ex_1/ok\n"));
}

TEST_CASE("a queued execution says what it waits for") {
  Json execution = {{"id", "ex_3"}, {"workflow", "w"}, {"version", 1}, {"status", "queued"}, {"trigger", "manual"},
                    {"group", "orders"}, {"group_limit", 1}, {"queue", {{"in_front", 2}, {"held_by", {"ex_1"}}}}};
  CHECK(has(execution_text(execution, Style(), kNow),
            "waits for    a slot of the group \"orders\" (1 at a time), held by ex_1; 2 are in front\n"));
  execution["queue"]["in_front"] = 0;
  CHECK(has(execution_text(execution, Style(), kNow), "held by ex_1; it is the next\n"));
}

TEST_CASE("a step says until when it is left alone, who decided it, and that it was kept") {
  Json resting = step("send", "waiting");
  resting["error"] = {{"code", "deferred"}, {"message", "left alone"}, {"step", "send"}};
  resting["next_try_at"] = "2026-01-01T00:01:00Z";
  Json decided = step("ok", "succeeded", "wait-for");
  decided["outputs"] = {{"decision", "approved"}, {"by", "uid:7"}, {"comment", "fine"}};
  Json kept = step("old");
  kept["kept"] = true;
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "running"}, {"trigger", "schedule"},
                          {"scheduled_for", "2026-01-01T00:00:00.000Z"}, {"steps", {resting, decided, kept}}};
  const std::string text = execution_text(execution, Style(), kNow);
  CHECK(has(text, "deferred: left alone; next try at 2026-01-01T00:01:00Z (in 1m0s)\n"));
  CHECK(has(text, "approved by uid:7: fine\n"));
  CHECK(has(text, "succeeded (kept)"));
  CHECK(has(text, "trigger      schedule for 2026-01-01T00:00:00.000Z\n"));
}

TEST_CASE("a failure is told once") {
  Json inner = step("kids[1].c", "failed", "call");
  inner["child"] = "ex_a";
  inner["error"] = {{"code", "child_failed"}, {"message", "kid ex_a failed: boom"}, {"step", "kids[1].c"}};
  Json outer = step("kids", "failed", "for-each");
  outer["error"] = inner["error"];
  const Json execution = {{"id", "ex_1"}, {"workflow", "w"}, {"version", 1}, {"status", "cancelled"}, {"trigger", "manual"},
                          {"error", {{"code", "cancelled"}, {"message", "cancelled by uid:0"}}}, {"steps", {outer, inner}}};
  const std::string text = execution_text(execution, Style(), kNow);
  CHECK(has(text, "error        cancelled by uid:0\n"));
  CHECK(has(text, "  child_failed in kids[1].c\n"));
  CHECK(has(text, "  child_failed: kid ex_a failed: boom\n"));
}

TEST_CASE("what came in and what the steps gave is shown to who asks for all of it") {
  Json gave = step("send");
  gave["outputs"] = {{"status", 200}};
  const Json execution = {{"id", "ex_1"}, {"payload", {{"body", {{"n", "\x1b[2J"}}}}}, {"steps", {gave, step("quiet")}}};
  CHECK(payloads_text(execution, Style()) ==
        "\nevent\n  body:\n    \"n\": \"\\x1b[2J\"\n\noutputs of send\n  status: 200\n");
}
