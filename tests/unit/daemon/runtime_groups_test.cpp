// Concurrency groups, through every thread of the runtime and both stores.
#include <algorithm>
#include <future>

#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/fake_sealer.h"
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

void never_answer(FakeHttpServer::Connection& connection) {
  connection.read_request();
  connection.wait_until_closed();
}

std::string grouped(std::string_view name, const std::string& url, std::string_view concurrency) {
  return "name: " + std::string(name) + "\non: { manual: {} }\nconcurrency: " + std::string(concurrency) +
         "\nsteps:\n  - { id: call, uses: http/request, with: { method: POST, url: '" + url + "' } }\n";
}

/// The test runs once for each store.
class GroupCase {
 public:
  explicit GroupCase(InstanceOptions options = {}) : options_(std::move(options)) {}

  FakeHttpServer sink{never_answer};

 private:
  InstanceOptions options_;
  TemporaryFolder folder_;
  FakeSealer sealer_;
  FlakyStore store_{GENERATE(false, true) ? store::make_memory_store()
                                          : store::open_sqlite(folder_.path() / "store.db", sealer_).value()};

 public:
  Instance with{store_, options_};

  std::string status(const ExecutionId& id) { return std::string(status_name(with.look(id).execution.status)); }
  bool becomes(const ExecutionId& id, std::string_view wanted) {
    return with.eventually([&] { return status(id) == wanted; });
  }
  /// Decided as far as it can be without time passing.
  bool settles() {
    return with.eventually([&] { return with.dispatcher.idle(); });
  }
};

}  // namespace

TEST_CASE("beyond its limit a group waits, in the order of acceptance") {
  GroupCase group;
  group.with.apply(grouped("one", group.sink.url(), "{ group: g, limit: 2 }"));
  std::vector<ExecutionId> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(group.with.run("one"));
    REQUIRE(group.becomes(all.back(), i < 2 ? "running" : "queued"));
  }
  REQUIRE(group.sink.wait_for_requests(2));
  CHECK(group.with.cancel(all[1]) == domain::ExecutionStatus::kCancelled);
  CHECK(group.becomes(all[2], "running"));
  CHECK(group.with.cancel(all[3]) == domain::ExecutionStatus::kCancelled);  // while it waits
  CHECK(group.with.cancel(all[0]) == domain::ExecutionStatus::kCancelled);
  CHECK(group.becomes(all[4], "running"));
  CHECK(group.sink.wait_for_requests(4));
  CHECK(group.settles());
  CHECK(group.sink.requests().size() == 4);
  CHECK(group.with.eventually([&] { return group.with.slots.used() == 2; }));  // a lease holds those that it may need
}

TEST_CASE("a full group skips where it is told to") {
  GroupCase group;
  group.with.apply(grouped("one", group.sink.url(), "{ group: g, limit: 1, on-limit: skip }"));
  const auto first = group.with.run("one");
  REQUIRE(group.becomes(first, "running"));
  const auto second = group.with.ended(group.with.run("one"));
  CHECK(status_name(second.execution.status) == "cancelled");
  CHECK(second.execution.error->code == "concurrency_skipped");
  CHECK(group.status(first) == "running");
}

TEST_CASE("a queue that is full turns away who comes then") {
  GroupCase group;
  group.with.apply(grouped("one", group.sink.url(), "{ group: g, limit: 1, on-limit: queue, queue-limit: 1 }"));
  const auto first = group.with.run("one");
  REQUIRE(group.becomes(first, "running"));
  const auto second = group.with.run("one");
  CHECK(group.settles());
  const auto third = group.with.ended(group.with.run("one"));
  CHECK(third.execution.error->code == "concurrency_skipped");
  CHECK(group.status(second) == "queued");
  CHECK(group.with.cancel(first) == domain::ExecutionStatus::kCancelled);
  CHECK(group.becomes(second, "running"));
}

TEST_CASE("the newest cancels who runs, where it is told to") {
  GroupCase group;
  group.with.apply(grouped("one", group.sink.url(), "{ group: g, limit: 1, on-limit: cancel-running }"));
  const auto first = group.with.run("one");
  REQUIRE(group.becomes(first, "running"));
  const auto second = group.with.run("one");
  CHECK(group.becomes(first, "cancelled"));
  CHECK(group.becomes(second, "running"));
}

TEST_CASE("a child shares the slot of its ancestor's group, and others wait for both") {
  GroupCase group;
  group.with.apply(grouped("inner", group.sink.url(), "{ group: g, limit: 1 }"));
  group.with.apply("name: outer\non: { manual: {} }\nconcurrency: { group: g, limit: 1 }\nsteps: [ { call: inner } ]\n");
  const auto outer = group.with.run("outer");
  REQUIRE(group.sink.wait_for_requests(1));
  const auto other = group.with.run("inner");
  CHECK(group.settles());
  CHECK(group.status(other) == "queued");
  // Its child is cancelled with it, and then there is room.
  CHECK(group.with.cancel(outer) == domain::ExecutionStatus::kCancelled);
  CHECK(group.becomes(other, "running"));
  CHECK(group.with.eventually([&] { return group.with.dispatcher.live() == 1; }));
}

TEST_CASE("a workflow that is called without waiting takes a slot of its own") {
  GroupCase group;
  group.with.apply(grouped("long", group.sink.url(), "{ group: g, limit: 1 }"));
  group.with.apply("name: caller\non: { manual: {} }\nconcurrency: { group: g, limit: 1 }\n"
                   "steps:\n  - { id: child, call: long, wait: false }\n");
  const auto caller = group.with.run("caller");
  CHECK(group.with.end_of(caller) == "succeeded");
  const auto child = group.with.look(caller).steps.at(0).child;
  REQUIRE(group.becomes(child, "running"));
  const auto next = group.with.run("caller");
  REQUIRE(group.settles());
  CHECK(group.status(next) == "queued");
  CHECK(group.with.cancel(child) == domain::ExecutionStatus::kCancelled);
  CHECK(group.with.end_of(next) == "succeeded");
}

TEST_CASE("a called workflow whose caller has ended keeps the slot until its own end") {
  GroupCase group;
  group.with.apply("name: child\non: { manual: {} }\nconcurrency: { group: g, limit: 1 }\n"
                   "steps: [ { wait-for: { callback: {} } } ]\n"
                   "finally:\n  - { id: last, uses: http/request, with: { method: POST, url: '" + group.sink.url() + "' } }\n");
  group.with.apply("name: parent\non: { manual: {} }\nconcurrency: { group: g, limit: 1 }\n"
                   "steps: [ { id: child, call: child } ]\n");
  const auto parent = group.with.run("parent");
  REQUIRE(group.with.eventually([&] { return !group.with.look(parent).steps.empty() && !group.with.look(parent).steps.at(0).child.empty(); }));
  const auto child = group.with.look(parent).steps.at(0).child;
  REQUIRE(group.becomes(child, "waiting"));
  CHECK(group.with.cancel(parent) == domain::ExecutionStatus::kCancelled);
  group.with.ended(parent);
  REQUIRE(group.sink.wait_for_requests(1));
  const auto next = group.with.run("parent");
  REQUIRE(group.settles());
  CHECK(group.status(next) == "queued");
}

TEST_CASE("a group without a name is a group, too") {
  GroupCase group;
  group.with.apply("name: one\non: { manual: {} }\ninputs: { customer: { type: string } }\n"
                   "concurrency: { group: \"${{ inputs.customer }}\", limit: 1 }\n"
                   "steps:\n  - { id: call, uses: http/request, with: { method: POST, url: '" + group.sink.url() + "' } }\n");
  const auto first = group.with.run("one");
  REQUIRE(group.becomes(first, "running"));
  const auto second = group.with.run("one");
  REQUIRE(group.settles());
  CHECK(group.status(second) == "queued");
  CHECK(group.with.cancel(first) == domain::ExecutionStatus::kCancelled);
  CHECK(group.becomes(second, "running"));
}

TEST_CASE("slots that come back at the same moment are all taken again") {
  // On one worker, so that all ends have been decided when it has time for something else.
  GroupCase group({.workers = 1});
  Instance& with = group.with;
  with.apply("name: one\non: { manual: {} }\nconcurrency: { group: g, limit: 20 }\nsteps: [ { sleep: 1h } ]\n");
  std::vector<ExecutionId> all;
  for (int i = 0; i < 50; ++i) {
    all.push_back(with.run("one"));
    REQUIRE(group.becomes(all.back(), i < 20 ? "waiting" : "queued"));
  }
  REQUIRE(group.settles());

  // The writer is held up until the ends of all of them wait for it: one commit takes them.
  std::promise<void> decided;
  with.queue.submit(store::NoteCrash{kTenant, all.front()}, [all_decided = decided.get_future().share()](const auto&) {
    all_decided.wait_for(kRuntimePatience);
  });
  for (int i = 0; i < 20; ++i) with.dispatcher.deliver(kTenant, all[static_cast<std::size_t>(i)], engine::Cancel{"uid:0"});
  with.workers.post([&] { decided.set_value(); });

  CHECK(with.eventually([&] {
    return std::count_if(all.begin() + 20, all.end(), [&](const auto& id) { return group.status(id) == "waiting"; }) == 20;
  }));
  CHECK(group.status(all[40]) == "queued");
}

TEST_CASE("two groups that wait for each other do not do so for ever") {
  GroupCase group;
  Instance& with = group.with;
  const auto workflow = [&](const std::string& name, const std::string& in, const std::string& steps) {
    with.apply("name: " + name + "\non: { manual: {} }\nconcurrency: { group: " + in + ", limit: 1 }\nsteps: [ " + steps + " ]\n");
  };
  workflow("ca", "a", "log: done");
  workflow("cb", "b", "log: done");
  // Both have their slots before the other one's child asks for it.
  workflow("pa", "a", "{ sleep: 1m }, { id: it, call: cb }");
  workflow("pb", "b", "{ sleep: 1m }, { id: it, call: ca }");
  const std::vector<ExecutionId> parents = {with.run("pa"), with.run("pb")};
  for (const ExecutionId& parent : parents) REQUIRE(group.becomes(parent, "waiting"));
  const auto queued = [&] {
    store::ExecutionFilter filter;
    filter.status = domain::ExecutionStatus::kQueued;
    return with.store.open_reader().value()->executions(kTenant, filter).value().size();
  };
  with.advance(1min);
  REQUIRE(with.eventually([&] { return queued() == 2; }));
  with.advance(23h);
  CHECK(group.settles());
  CHECK(queued() == 2);
  with.advance(1h);
  REQUIRE(with.eventually([&] { return with.dispatcher.live() == 0; }));
  // One that is turned away may give way to the other one, which then goes on.
  int failed = 0;
  for (const ExecutionId& parent : parents) {
    const auto ended = with.look(parent);
    if (status_name(ended.execution.status) == "succeeded") continue;
    ++failed;
    CHECK(ended.execution.error->code == "child_failed");
    const auto child = with.look(ended.steps.find("it")->child);
    CHECK(child.execution.error->code == "concurrency_skipped");
    CHECK(status_name(child.execution.status) == "cancelled");
  }
  CHECK(failed >= 1);
}
