// Workflows that the end of another one starts.
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

std::string listening(std::string_view name, std::string_view to, std::string_view more = "") {
  return "name: " + std::string(name) + "\non: { workflow: { names: [ " + std::string(to) + " ]" + std::string(more) +
         " } }\nsteps: [ { id: seen, set: \"${{ event }}\" } ]\noutputs: { seen: \"${{ steps.seen.outputs }}\" }\n";
}

std::vector<domain::Execution> executions_of(Instance& with, const std::string& name) {
  return with.store.open_reader().value()->executions(kTenant, {.workflow = name, .limit = 1000}).value();
}

constexpr std::string_view kGood = "name: good\non: { manual: {} }\nsteps: [ { id: x, set: 7 } ]\noutputs: { x: \"${{ steps.x.outputs }}\" }\n";
constexpr std::string_view kBad = "name: bad\non: { manual: {} }\nsteps: [ { fail: no luck } ]\n";

}  // namespace

TEST_CASE("the end of a workflow starts those that wait for it, once each, with what it gave") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  with.apply(listening("after", "good"));
  with.apply(listening("every", "'*'"));
  with.apply(listening("other", "bad"));
  const auto id = with.run("good");
  REQUIRE(with.eventually([&] { return executions_of(with, "after").size() == 1; }));
  const auto after = with.ended(executions_of(with, "after").front().id);
  CHECK(after.execution.trigger == domain::TriggerKind::kWorkflow);
  CHECK(after.execution.outputs["seen"] ==
        Json{{"workflow", "good"}, {"execution", id.str()}, {"status", "succeeded"}, {"outputs", {{"x", 7}}}});
  // `every` waits for the end of `after` as well, and not for its own.
  REQUIRE(with.eventually([&] { return executions_of(with, "every").size() == 2; }));
  REQUIRE(with.eventually([&] { return with.dispatcher.live() == 0 && with.dispatcher.idle(); }));
  CHECK(executions_of(with, "after").size() == 1);
  CHECK(executions_of(with, "other").empty());
}

TEST_CASE("only the ends that are asked for count") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  with.apply(std::string(kBad));
  with.apply(listening("alarm", "good, bad", ", when: [ failed ]"));
  with.ended(with.run("good"));
  const auto bad = with.run("bad");
  REQUIRE(with.eventually([&] { return executions_of(with, "alarm").size() == 1; }));
  CHECK(with.ended(executions_of(with, "alarm").front().id).payload["execution"] == bad.str());
}

TEST_CASE("a disabled listener does not hear") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  with.apply(listening("after", "good"));
  REQUIRE(store::write_and_wait(with.queue, store::SetWorkflowEnabled{kTenant, "after", false, {}, kNow, {}}));
  with.runtime.workflows_changed();
  with.ended(with.run("good"));
  CHECK(with.look(executions_of(with, "good").front().id).effects.empty());
}

TEST_CASE("workflows that start each other stop after eight ends, and say so") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  with.apply(listening("ping", "good, pong"));
  with.apply(listening("pong", "ping"));
  with.run("good");
  REQUIRE(with.eventually([&] {
    return executions_of(with, "ping").size() + executions_of(with, "pong").size() == 8;
  }));
  REQUIRE(with.eventually([&] { return with.dispatcher.live() == 0 && with.dispatcher.idle(); }));
  CHECK(executions_of(with, "ping").size() == 4);
  CHECK(executions_of(with, "pong").size() == 4);
  const auto last = executions_of(with, "pong").front().id;
  const auto lines = store.open_reader().value()->logs(kTenant, {.execution = last}).value();
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.back().text.find("ping: look for workflows that start each other in a circle") != std::string::npos);
}

TEST_CASE("who waits for every end is not started by what its own end has led to") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  for (const char* name : {"one", "two", "three"}) with.apply(listening(name, "'*'"));
  with.run("good");
  // Each of the three after `good`, after `good` and one other, and after `good` and both others in either order.
  const std::size_t each = 1 + 2 + 2;
  REQUIRE(with.eventually([&] {
    return with.dispatcher.live() == 0 && with.dispatcher.idle() && store.open_reader().value()->counts()->outbox == 0;
  }));
  for (const char* name : {"one", "two", "three"}) CHECK(executions_of(with, name).size() == each);
}

TEST_CASE("a listener is started by its end although a sender has come with a key like it") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(std::string(kGood));
  with.apply(listening("down", "up"));
  with.apply("name: up\non: { manual: {} }\nsteps: [ { wait-for: { callback: {} } } ]\n");
  const auto up = with.run("up");
  const auto sent = with.accept(with.arrival("down", "end:" + up.str()));
  REQUIRE(sent);
  CHECK_FALSE(sent->duplicate);
  CHECK(with.cancel(up) == domain::ExecutionStatus::kCancelled);
  with.ended(up);
  REQUIRE(with.eventually([&] { return executions_of(with, "down").size() == 2; }));  // the sender's and the end's
}
