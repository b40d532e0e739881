// Workflows that call workflows, through every thread of the runtime.
#include <set>

#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

void answer_all(FakeHttpServer::Connection& connection) {
  while (connection.read_request()) {
    if (!connection.answer(R"({"ok":true})", "200 OK", "Content-Type: application/json\r\n")) return;
  }
}

void never_answer(FakeHttpServer::Connection& connection) {
  connection.read_request();
  connection.wait_until_closed();
}

constexpr std::string_view kDouble =
    "name: double\non: { manual: {} }\ninputs: { n: { type: number, required: true } }\n"
    "steps: [ { id: twice, set: \"${{ mul(inputs.n, 2) }}\" } ]\noutputs: { n: \"${{ steps.twice.outputs }}\" }\n";

std::string caller(std::string_view call) {
  return "name: caller\non: { manual: {} }\nsteps: [ { id: child, " + std::string(call) +
         " } ]\noutputs: { got: \"${{ steps.child.outputs }}\" }\n";
}

/// What another workflow has started; the one that it was called `name`.
std::vector<domain::Execution> executions_of(Instance& with, const std::string& name) {
  return with.store.open_reader().value()->executions(kTenant, {.workflow = name}).value();
}

}  // namespace

TEST_CASE("a called workflow runs, and its outputs come back") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kDouble));
  with.apply(caller("call: double, with: { n: 21 }"));
  const auto parent = with.ended(with.run("caller"));
  CHECK(status_name(parent.execution.status) == "succeeded");
  CHECK(parent.execution.outputs["got"]["n"] == 42);
  const auto children = executions_of(with, "double");
  REQUIRE(children.size() == 1);
  CHECK(children.front().trigger == domain::TriggerKind::kCall);
  CHECK(parent.steps.at(0).child == children.front().id);
  CHECK(with.look(children.front().id).execution.inputs["n"] == 21);
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0; }));
}

TEST_CASE("a disabled workflow can be called: only its triggers rest") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kDouble));
  with.apply(caller("call: double, with: { n: 1 }"));
  REQUIRE(store::write_and_wait(with.queue, store::SetWorkflowEnabled{kTenant, "double", false, {}, kNow, {}}));
  CHECK(with.end_of(with.run("caller")) == "succeeded");
}

TEST_CASE("what cannot be called fails the step and says what to do") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kDouble));
  with.apply(caller("call: double, with: { n: 1 }"));
  with.apply("name: wrong\non: { manual: {} }\nsteps: [ { id: child, call: double, with: { n: many } } ]\n");
  const auto wrong = with.ended(with.run("wrong"));
  CHECK(wrong.execution.error->code == "input_invalid");
  CHECK(wrong.execution.error->message.find("'double'") != std::string::npos);
  CHECK(wrong.execution.error->step == "child");
  REQUIRE(store::write_and_wait(with.queue, store::DeleteWorkflow{kTenant, "double", {}}));
  const auto gone = with.ended(with.run("caller"));
  CHECK(gone.execution.error->code == "child_failed");
  CHECK(gone.execution.error->message.find("there is no workflow 'double': apply it") != std::string::npos);
}

TEST_CASE("a called workflow that fails, fails the step with its reason") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: bad\non: { manual: {} }\nsteps: [ { fail: no luck } ]\n");
  with.apply(caller("call: bad"));
  const auto parent = with.ended(with.run("caller"));
  CHECK(parent.execution.error->code == "child_failed");
  CHECK(parent.execution.error->message.find("no luck") != std::string::npos);
}

TEST_CASE("a caller that does not wait goes on with the id of what it started") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("slow", "POST", sink.url()));
  with.apply(caller("call: slow, wait: false"));
  const auto parent = with.ended(with.run("caller"));
  CHECK(status_name(parent.execution.status) == "succeeded");
  const auto children = executions_of(with, "slow");
  REQUIRE(children.size() == 1);
  CHECK(parent.execution.outputs["got"]["execution"] == children.front().id.str());
  CHECK(with.cancel(children.front().id) == domain::ExecutionStatus::kCancelled);
}

TEST_CASE("calls of each other end at the eighth") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  for (int i = 0; i < 10; ++i) {
    const std::string next = "deep-" + std::to_string(i + 1);
    const std::string step = i < 9 ? "{ id: child, call: " + next + " }" : std::string("{ set: 1 }");
    with.apply("name: deep-" + std::to_string(i) + "\non: { manual: {} }\nsteps: [ " + step + " ]\n");
  }
  const auto first = with.ended(with.run("deep-0"));
  CHECK(first.execution.error->code == "child_failed");
  CHECK(executions_of(with, "deep-8").size() == 1);
  CHECK(executions_of(with, "deep-9").empty());
  const auto last = with.look(executions_of(with, "deep-8").front().id);
  CHECK(last.execution.error->message.find("no more may follow") != std::string::npos);
}

TEST_CASE("many children of one loop end, and each is started once") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kDouble));
  with.apply("name: caller\non: { manual: {} }\nsteps:\n  - id: all\n    for-each: \"${{ range(0, 50) }}\"\n"
             "    max-parallel: 7\n    steps: [ { id: child, call: double, with: { n: \"${{ item }}\" } } ]\n"
             "outputs: { all: \"${{ map(steps.all.outputs, o => o.n) }}\" }\n");
  const auto parent = with.ended(with.run("caller"));
  CHECK(status_name(parent.execution.status) == "succeeded");
  REQUIRE(parent.execution.outputs["all"].size() == 50);
  CHECK(parent.execution.outputs["all"][49] == 98);
  CHECK(store.open_reader().value()->executions(kTenant, {.workflow = "double", .limit = 1000})->size() == 50);
}

TEST_CASE("children are started although the backlog is full of those who wait for them") {
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.backlog = 1});
  with.apply(std::string(kDouble));
  with.apply(caller("call: double, with: { n: 1 }"));
  CHECK(with.end_of(with.run("caller")) == "succeeded");
}

TEST_CASE("a child whose commit failed and happened all the same is started once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("post", "POST", sink.url()));
  with.apply(caller("call: post"));
  const auto id = with.accept(with.arrival("caller"))->execution;
  store.unsure = 2;
  CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == executions_of(with, "post").size());
}

TEST_CASE("what would start more than the backlog holds waits for room, and all of it is started once") {
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.backlog = 8});
  with.apply("name: patient\non: { manual: {} }\nsteps: [ { wait-for: { callback: {} } } ]\n");
  with.apply("name: many\non: { manual: {} }\nsteps:\n  - id: all\n    for-each: \"${{ range(0, 30) }}\"\n    max-parallel: 30\n"
             "    steps: [ { id: child, call: patient, wait: false } ]\n");
  const auto parent = with.run("many");
  std::set<ExecutionId> cancelled;
  const auto all = [&] {
    return store.open_reader().value()->executions(kTenant, {.workflow = "patient", .limit = 1000}).value();
  };
  while (cancelled.size() < 30) {
    REQUIRE(with.eventually([&] { return all().size() > cancelled.size(); }));
    // An eighth more than the cap for those that follow directly, and what the other workers are about to start.
    CHECK(with.dispatcher.live() <= 9 + 3);
    for (const auto& child : all()) {
      if (cancelled.contains(child.id)) continue;
      CHECK(with.cancel(child.id) == domain::ExecutionStatus::kCancelled);
      with.ended(child.id);
      cancelled.insert(child.id);
      break;
    }
  }
  CHECK(with.end_of(parent) == "succeeded");
  CHECK(all().size() == 30);
}

TEST_CASE("calls eight deep come through although the backlog is full of those who wait for them") {
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.backlog = 1});
  with.apply("name: w8\non: { manual: {} }\nsteps: [ { set: 1 } ]\n");
  for (int i = 7; i >= 0; --i) {
    const std::string call = "{ call: w" + std::to_string(i + 1) + " }";
    with.apply("name: w" + std::to_string(i) + "\non: { manual: {} }\nsteps: [ { parallel: [ " + call +
               (i % 2 == 0 ? ", " + call : "") + " ] } ]\n");
  }
  CHECK(with.end_of(with.run("w0")) == "succeeded");
  CHECK(executions_of(with, "w8").size() == 16);
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0; }));
}

TEST_CASE("what a child may have sent is sent by its successor under the same key") {
  std::atomic<bool> answers = false;
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    if (answers) return answer_all(connection);
    connection.read_request();  // and hangs up
  });
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("post", "POST", sink.url()));
  const auto key_of = [&](std::size_t request) {
    const std::string text = sink.requests().at(request);
    const std::size_t at = text.find("Idempotency-Key: ");
    REQUIRE(at != std::string::npos);
    return text.substr(at, text.find("\r\n", at) - at);
  };
  SECTION("it is called again only where twice is fine") {
    with.apply(caller("call: post, retry: { max-attempts: 3, delay: 0s }"));
    const auto careful = with.ended(with.run("caller"));
    CHECK(careful.execution.error->code == "outcome_unknown");
    CHECK(sink.requests().size() == 1);
    with.apply(caller("call: post, retry: { max-attempts: 3, delay: 0s, on-unknown: retry }"));
    CHECK(with.ended(with.run("caller")).execution.error->code == "child_failed");
    REQUIRE(sink.requests().size() == 4);
    CHECK(key_of(1) == key_of(2));
    CHECK(key_of(1) == key_of(3));
    CHECK(key_of(0) != key_of(1));
  }
  SECTION("by whoever repeats the caller, through a workflow between them") {
    with.apply("name: between\non: { manual: {} }\nsteps: [ { id: post, call: post } ]\n");
    with.apply(caller("call: between"));
    const auto failed = with.ended(with.run("caller"));
    CHECK(failed.execution.error->code == "child_failed");
    answers = true;
    auto again = with.arrival("caller");
    again.idempotency_keys = failed.execution.idempotency_keys;
    CHECK(with.end_of(with.accept(std::move(again))->execution) == "succeeded");
    REQUIRE(sink.requests().size() == 2);
    CHECK(key_of(0) == key_of(1));
  }
}
