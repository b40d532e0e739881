// Steps that hold steps: parallel, for-each, switch.
#include "tests/unit/engine/flow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using domain::EffectKind;

namespace {

/// A call of this id, indented by so many spaces.
std::string call(int indent, const std::string& id, const std::string& more = "") {
  return std::string(static_cast<std::size_t>(indent), ' ') + "- { id: " + id +
         ", uses: http/request, with: { url: 'https://x.example' }" + more + " }\n";
}

}  // namespace

TEST_CASE("the branches of parallel run at once, and what follows waits for all of them") {
  FlowCase run("steps:\n  - id: both\n    parallel:\n      - { id: a, uses: http/request, with: { url: 'https://a.example' } }\n"
               "      - { id: b, uses: http/request, with: { url: 'https://b.example' } }\n"
               "  - { id: after, set: { a: '${{ steps.a.outputs.n }}', b: '${{ steps.B.outputs.n }}' } }\n");
  run.begin();
  CHECK(run.open() == "call a, call b");
  run.answer("b", {{"n", 2}});
  CHECK(run.status_of("both") == "running");
  CHECK(run.status_of("after") == "none");
  run.answer("a", {{"n", 1}});
  CHECK(run.outputs_of("after") == Json{{"a", 1}, {"b", 2}});
  CHECK(run.status() == "succeeded");
}

TEST_CASE("parallel fails after all its branches have ended") {
  FlowCase run("steps:\n  - id: both\n    parallel:\n" + call(6, "a") + call(6, "b") + "  - { id: after, log: x }\n" +
               "  - { id: told, if: failure(), set: '${{ steps.a.outcome }} ${{ steps.both.outcome }} ${{ steps.after.outcome }}' }\n");
  run.begin().refuse("a");
  CHECK(run.open() == "call b");
  run.answer("b");
  CHECK(run.status_of("both") == "failed");
  CHECK(run.status_of("after") == "skipped");
  CHECK(run.outputs_of("told") == "failure failure skipped");
  CHECK(run.status() == "failed");
  CHECK(run.error() == "rejected @a");
}

TEST_CASE("fail-fast cancels the branches that are open, and those that have not begun") {
  FlowCase run("steps:\n  - id: both\n    fail-fast: true\n    parallel:\n" + call(6, "a") + call(6, "b") +
               "      - { id: c, sleep: 1h }\n");
  run.begin().refuse("b");
  CHECK(run.status_of("a") == "cancelled");
  CHECK(run.status_of("c") == "cancelled");
  CHECK(run.open().empty());
  CHECK(run.status() == "failed");

  FlowCase at_once("steps:\n  - id: both\n    fail-fast: true\n    parallel:\n" + call(6, "a") +
                   "      - { id: b, fail: no }\n" + call(6, "c"));
  at_once.begin();
  CHECK(at_once.open().empty());
  CHECK(at_once.last.effects.empty());  // what was decided in the same breath is never sent
  CHECK(at_once.status_of("a") == "cancelled");
  CHECK(at_once.status_of("c") == "cancelled");
  CHECK(at_once.error() == "rejected @b");
}

TEST_CASE("a branch that is softened, or a container that is, lets the execution go on") {
  FlowCase run("steps:\n  - id: both\n    parallel:\n" + call(6, "a", ", continue-on-error: true") + call(6, "b"));
  run.begin().refuse("a").answer("b");
  CHECK(run.status_of("both") == "succeeded");
  CHECK(run.status() == "succeeded");
  FlowCase whole("steps:\n  - id: both\n    continue-on-error: true\n    parallel:\n" + call(6, "a") + call(6, "b") +
                 "  - { id: after, set: '${{ steps.both.outcome }}/${{ steps.both.conclusion }}' }\n");
  whole.begin().refuse("a").answer("b");
  CHECK(whole.outputs_of("after") == "failure/success");
  CHECK(whole.status() == "succeeded");
}

TEST_CASE("a branch sees no failure of its neighbours") {
  FlowCase run("steps:\n  - id: both\n    parallel:\n      - { id: a, fail: no }\n      - { id: b, set: 1 }\n"
               "      - { id: c, if: failure(), set: 1 }\n");
  run.begin();
  CHECK(run.status_of("b") == "succeeded");
  CHECK(run.status_of("c") == "skipped");
}

TEST_CASE("a loop runs its rounds one after another, each under a path of its own") {
  FlowCase run("steps:\n  - id: each\n    for-each: ${{ event.body }}\n    steps:\n" + call(6, "send") +
                   "      - { id: said, set: '${{ index }}: ${{ item.name }} ${{ steps.send.outputs }}' }\n" +
                   "outputs: { all: '${{ steps.each.outputs }}' }\n",
               Json::array({{{"name", "x"}}, {{"name", "y"}}}));
  run.begin();
  CHECK(run.open() == "call each[0].send");
  run.answer("each[0].send", "p");
  CHECK(run.outputs_of("each[0].said") == "0: x p");
  CHECK(run.open() == "call each[1].send");
  run.answer("each[1].send", "q");
  CHECK(run.snapshot.execution.outputs == Json{{"all", {"0: x p", "1: y q"}}});
  CHECK(run.status() == "succeeded");
  CHECK(run.snapshot.steps.find("each[0].send")->sends == 1);
}

TEST_CASE("max-parallel keeps that many rounds open, and outputs keep the order of the items") {
  FlowCase run("steps:\n  - id: each\n    for-each: [a, b, c, d]\n    max-parallel: 2\n    steps:\n" + call(6, "send"));
  run.begin();
  CHECK(run.open() == "call each[0].send, call each[1].send");
  run.answer("each[1].send", "B");
  CHECK(run.open() == "call each[0].send, call each[2].send");
  run.answer("each[2].send", "C").answer("each[0].send", "A").answer("each[3].send", "D");
  CHECK(run.outputs_of("each") == Json{"A", "B", "C", "D"});
}

TEST_CASE("a loop goes over the entries of an object") {
  FlowCase run("steps:\n  - id: each\n    for-each: ${{ event.body }}\n    steps:\n      - { set: '${{ item.key }}=${{ item.value }}' }\n",
               Json{{"b", 1}, {"a", 2}});
  run.begin();
  CHECK(run.outputs_of("each") == Json{"b=1", "a=2"});
}

TEST_CASE("a loop over nothing, over what is no list, and over too much") {
  const std::string loop = "steps:\n  - { id: each, for-each: '${{ event.body }}', steps: [ { log: x } ] }\n";
  FlowCase none(loop, Json::array());
  none.begin();
  CHECK(none.outputs_of("each") == Json::array());
  CHECK(none.status() == "succeeded");
  FlowCase text(loop, "abc");
  text.begin();
  CHECK(text.error() == "expression_failed @each");
  CHECK(text.snapshot.execution.error->message.find("this is string") != std::string::npos);
  FlowCase many(loop, Json(std::vector<int>(10'001)));
  many.begin();
  CHECK(many.snapshot.execution.error->message.find("10001 items are too many") != std::string::npos);
}

TEST_CASE("after a round that failed no other is begun, and those that are open are waited for") {
  FlowCase run("steps:\n  - id: each\n    for-each: [a, b, c, d]\n    max-parallel: 2\n    steps:\n" + call(6, "send"));
  run.begin().refuse("each[0].send");
  CHECK(run.open() == "call each[1].send");
  CHECK_FALSE(run.ended());
  run.answer("each[1].send");
  CHECK(run.status_of("each[2].send") == "none");
  CHECK(run.error() == "rejected @each[0].send");
  CHECK(run.outputs_of("each").is_null());
}

TEST_CASE("loops in loops see their own item, and what stands around them") {
  FlowCase run("steps:\n  - { id: base, set: 10 }\n  - id: out\n    for-each: ['a.b', c]\n    steps:\n"
               "      - { id: name, set: '${{ item }}' }\n"
               "      - id: in\n        for-each: [1, 2]\n        steps:\n"
               "          - { id: leaf, set: '${{ steps.base.outputs }}-${{ steps.name.outputs }}-${{ item }}-${{ index }}' }\n"
               "      - { set: '${{ steps.in.outputs }}' }\n");
  run.begin();
  CHECK(run.outputs_of("out") == Json::parse(R"([["10-a.b-1-0","10-a.b-2-1"],["10-c-1-0","10-c-2-1"]])"));
  CHECK(run.status_of("out[1].in[0].leaf") == "succeeded");
}

TEST_CASE("a long loop is decided in pieces, and goes on by itself") {
  FlowCase run("steps:\n  - { id: each, for-each: '${{ range(1000) }}', steps: [ { set: '${{ item }}' } ] }\n");
  run.begin();
  int decisions = 1;
  while (!run.ended()) {
    CHECK(run.open() == "timer each");
    CHECK(run.status() == "running");
    CHECK(run.last.steps.size() < 300);
    run.fire("each");
    ++decisions;
  }
  CHECK(decisions == 4);
  CHECK(run.outputs_of("each").size() == 1000);
  CHECK(run.outputs_of("each")[999] == 999);
}

TEST_CASE("switch takes the first case that is the same text, or the default, and gives what that gives") {
  const std::string text =
      "steps:\n  - id: choose\n    switch: ${{ event.body }}\n    cases:\n      \"true\": [ { id: yes, set: Y } ]\n"
      "      b: [ { id: bee, set: 1 }, { id: bee2, set: B } ]\n    default: [ { id: other, set: O } ]\n"
      "outputs: { it: '${{ steps.choose.outputs }}' }\n";
  const auto chosen = [&](const Json& body) {
    FlowCase run(text, body);
    run.begin();
    CHECK(run.status() == "succeeded");
    return run.snapshot.execution.outputs["it"];
  };
  CHECK(chosen(true) == "Y");
  CHECK(chosen("true") == "Y");
  CHECK(chosen("b") == "B");
  CHECK(chosen("B") == "O");
  FlowCase nothing("steps:\n  - { id: c, switch: '${{ event.body }}', cases: { a: [ { log: x } ] } }\n", "z");
  nothing.begin();
  CHECK(nothing.status() == "succeeded");
  CHECK(nothing.outputs_of("c").is_null());
}

TEST_CASE("a container is as sensitive as what it holds, and what it holds as it is") {
  FlowCase run("steps:\n  - id: outer\n    for-each: [1]\n    steps:\n      - { id: a, set: 1, sensitive: true }\n      - { id: b, set: 2 }\n"
               "  - id: all\n    sensitive: true\n    parallel: [ { id: c, log: 'hush' } ]\n  - { id: d, set: 3 }\n");
  run.begin();
  const auto sensitive = [&](std::string_view path) { return run.snapshot.steps.find(path)->sensitive; };
  CHECK(sensitive("outer"));
  CHECK(sensitive("outer[0].a"));
  CHECK_FALSE(sensitive("outer[0].b"));
  CHECK(sensitive("c"));
  CHECK_FALSE(sensitive("d"));
  CHECK(run.logs.find("hush") == std::string::npos);
}

TEST_CASE("what is inside of a container is skipped with it") {
  FlowCase run("steps:\n  - { id: s, if: false, switch: '${{ 1 }}', cases: { a: [ { id: in, set: 1 } ] } }\n"
               "  - { id: after, set: '${{ steps.in.outcome }}|${{ steps.s.outcome }}' }\n");
  run.begin();
  CHECK(run.outputs_of("after") == "|skipped");
}
