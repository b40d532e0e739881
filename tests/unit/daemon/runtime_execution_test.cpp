// From an arrival to the end of its execution, through every thread of the runtime.
#include <atomic>
#include <future>

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

}  // namespace

TEST_CASE("an arrival is accepted, called and recorded") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url("/hook")));
  const auto id = with.run("send");
  const auto snapshot = with.ended(id);
  CHECK(status_name(snapshot.execution.status) == "succeeded");
  CHECK(snapshot.steps.at(0).outputs["body"] == Json{{"ok", true}});
  CHECK(snapshot.effects.empty());
  REQUIRE(sink.requests().size() == 1);
  CHECK(sink.requests().front().starts_with("POST /hook HTTP/1.1\r\n"));
  CHECK(sink.requests().front().find("Idempotency-Key: " + id.str() + "/call\r\n") != std::string::npos);
  CHECK(with.slots.used() == 0);
  CHECK(with.dispatcher.live() == 0);
  CHECK(with.eventually([&] { return with.dispatcher.idle(); }));
}

TEST_CASE("the same dedupe key starts nothing a second time") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  const auto first = with.accept(with.arrival("send", "delivery-1"));
  const auto second = with.accept(with.arrival("send", "delivery-1"));
  REQUIRE(second);
  CHECK(second->duplicate);
  CHECK(second->execution == first->execution);
  CHECK(with.end_of(first->execution) == "succeeded");
  CHECK(sink.requests().size() == 1);
  CHECK(with.slots.used() == 0);
}

TEST_CASE("a disabled workflow keeps the event and starts nothing") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", "http://127.0.0.1:9"));
  auto arrival = with.arrival("send");
  arrival.enabled = false;
  const auto accepted = with.accept(std::move(arrival));
  REQUIRE(accepted);
  CHECK(accepted->execution.empty());
  CHECK_FALSE(accepted->event.empty());
  CHECK(with.dispatcher.live() == 0);
}

TEST_CASE("beyond the backlog nothing is accepted, and room comes back") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.backlog = 2});
  with.apply(calling("send", "POST", sink.url()));
  const auto first = with.run("send");
  with.run("send");
  const auto refused = with.accept(with.arrival("send"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kBacklogFull);
  CHECK(with.cancel(first) == domain::ExecutionStatus::kCancelled);
  CHECK(with.accept(with.arrival("send")));
}

TEST_CASE("cancelling stops a call that is out") {
  std::promise<void> closed;
  FlakyStore store(store::make_memory_store());
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    connection.read_request();
    connection.wait_until_closed();
    closed.set_value();
  });
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  const auto id = with.run("send");
  REQUIRE(sink.wait_for_requests(1));
  CHECK(with.cancel(id) == domain::ExecutionStatus::kCancelled);
  CHECK(with.slots.used() == 0);
  CHECK(closed.get_future().wait_for(kRuntimePatience) == std::future_status::ready);
  CHECK(with.eventually([&] { return with.dispatcher.idle(); }));
  const auto snapshot = with.look(id);
  CHECK(snapshot.execution.revision == 2);  // the begin and the cancel; no answer was decided upon
  CHECK(snapshot.execution.error->code == "cancelled");
  CHECK(snapshot.effects.empty());
  // A second one comes too late and changes nothing.
  CHECK(with.cancel(id) == domain::ExecutionStatus::kCancelled);
  CHECK(with.look(id).execution.revision == 2);
}

TEST_CASE("what is cancelled before it had a slot is never sent") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.calls = 1});
  with.apply(calling("send", "POST", sink.url()));
  const auto first = with.run("send");
  REQUIRE(sink.wait_for_requests(1));
  const auto second = with.run("send");
  CHECK(with.slots.used() == 1);
  CHECK(with.cancel(second) == domain::ExecutionStatus::kCancelled);
  CHECK(with.cancel(first) == domain::ExecutionStatus::kCancelled);
  CHECK(with.eventually([&] { return with.dispatcher.idle(); }));
  CHECK(sink.requests().size() == 1);
}

TEST_CASE("an execution that is not there cannot be cancelled") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  CHECK(with.cancel(ExecutionId("ex_no")).error().kind == ErrorKind::kNotFound);
  CHECK(with.dispatcher.idle());
}

TEST_CASE("no more calls are out than there are slots, and all are made") {
  std::atomic<int> out{0};
  std::atomic<int> most{0};
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    while (connection.read_request()) {
      const int now = ++out;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      --out;
      if (!connection.answer("{}")) return;
    }
  });
  const std::size_t calls = GENERATE(1U, 2U);
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.calls = calls});
  with.apply(calling("send", "POST", sink.url()));
  std::vector<ExecutionId> all;
  for (int i = 0; i < 40; ++i) all.push_back(with.run("send"));
  for (const auto& id : all) CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == 40);
  CHECK(static_cast<std::size_t>(most) <= calls);
  CHECK(with.eventually([&] { return with.slots.used() == 0; }));
}

TEST_CASE("many executions on few workers are each called once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  std::vector<ExecutionId> all;
  for (int i = 0; i < 200; ++i) all.push_back(with.run("send"));
  for (const auto& id : all) CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == 200);
}

TEST_CASE("a decision that came too late is made again on what is there now") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  store.stale = 3;
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  CHECK(with.end_of(with.run("send")) == "succeeded");
  CHECK(store.stale == 0);
  CHECK(sink.requests().size() == 1);
}

TEST_CASE("an answer is not lost while the disk fails") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  store.fail = 5;
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  CHECK(with.end_of(with.run("send")) == "succeeded");
  CHECK(store.fail == 0);
  CHECK(sink.requests().size() == 1);
  CHECK(with.slots.used() == 0);
}

TEST_CASE("a try that failed is repeated when its time has come") {
  std::atomic<int> count{0};
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    while (connection.read_request())
      connection.answer("{}", ++count == 1 ? "503 Later" : "200 OK", "Retry-After: 60\r\n");
  });
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  const auto id = with.run("send");
  REQUIRE(with.eventually([&] { return with.look(id).execution.revision == 2; }));
  CHECK(with.look(id).steps.at(0).status == domain::StepStatus::kWaiting);
  with.advance(59s);
  CHECK(with.look(id).steps.at(0).status == domain::StepStatus::kWaiting);
  with.advance(1s);
  CHECK(with.end_of(id) == "succeeded");
  CHECK(with.look(id).steps.at(0).attempts == 1);
}

TEST_CASE("calls that another life left behind: what may be repeated is, what may not fails as unknown") {
  std::atomic<bool> answers{false};
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    while (connection.read_request()) {
      if (!answers || !connection.answer("{}")) return connection.wait_until_closed();
    }
  });
  FlakyStore store(store::make_memory_store());
  ExecutionId get;
  ExecutionId post;
  {
    Instance first(store, {.boot = 1});
    first.apply(calling("get", "GET", sink.url()));
    first.apply(calling("post", "POST", sink.url()));
    get = first.run("get");
    post = first.run("post");
    REQUIRE(sink.wait_for_requests(2));
  }
  answers = true;
  CHECK(store.open_reader().value()->counts()->outbox == 2);
  REQUIRE(store.release_orphans(2) == std::size_t{2});
  Instance second(store, {.boot = 2});
  const auto lost = second.ended(post);
  CHECK(lost.execution.error->code == "outcome_unknown");
  REQUIRE(second.eventually([&] { return second.look(get).execution.revision == 2; }));
  second.advance(2s);
  CHECK(second.end_of(get) == "succeeded");
  CHECK(sink.requests().size() == 3);
}

TEST_CASE("the runtime stops with calls under way, and their effects stay") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  {
    Instance with(store);
    with.apply(calling("send", "POST", sink.url()));
    for (int i = 0; i < 10; ++i) with.run("send");
    REQUIRE(sink.wait_for_requests(10));
  }
  const auto counts = store.open_reader().value()->counts();
  CHECK(counts->outbox == 10);
  CHECK(counts->live_executions == 10);
}

TEST_CASE("a call that cannot be made fails without leaving a slot behind") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("blocked", "POST", "http://10.0.0.1/"));
  const auto snapshot = with.ended(with.run("blocked"));
  CHECK(snapshot.execution.error->code == "egress_blocked");
  CHECK(snapshot.steps.at(0).attempts == 1);
  CHECK(with.slots.used() == 0);
}

TEST_CASE("an event whose commit failed and happened all the same is executed") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url()));
  store.unsure = 1;
  const auto refused = with.accept(with.arrival("send", "delivery-1"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kUnavailable);
  // The sender tries again and is told of the first, which is on its way.
  const auto again = with.accept(with.arrival("send", "delivery-1"));
  REQUIRE(again);
  CHECK(again->duplicate);
  CHECK(with.end_of(again->execution) == "succeeded");
  CHECK(sink.requests().size() == 1);
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0 && with.slots.used() == 0; }));
}

TEST_CASE("what was cancelled before it was known to be in the store calls nobody") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("send", "POST", sink.url("/called")));
  ExecutionId id;
  store.meanwhile = [&] {
    id = store.open_reader().value()->executions(kTenant, {}).value().front().id;
    with.dispatcher.deliver(kTenant, id, engine::Cancel{"uid:0"});
  };
  store.unsure = 1;
  REQUIRE_FALSE(with.accept(with.arrival("send")));
  CHECK(with.end_of(id) == "cancelled");
  CHECK(with.eventually([&] { return with.dispatcher.idle() && with.slots.used() == 0; }));
  CHECK(with.dispatcher.live() == 0);
  // Whoever called the port before it was this server's may still do so.
  const auto requests = sink.requests();
  CHECK(std::none_of(requests.begin(), requests.end(), [](const auto& request) { return request.starts_with("POST /called"); }));
}

TEST_CASE("what takes no slot does not wait for one") {
  FakeHttpServer sink(never_answer);
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.calls = 1});
  with.apply(calling("send", "POST", sink.url()));
  with.apply("name: nap\non: { manual: {} }\nsteps: [ { sleep: 1m } ]\n");
  const auto first = with.run("send");
  REQUIRE(sink.wait_for_requests(1));
  const auto second = with.run("send");
  const auto nap = with.run("nap");
  with.advance(1min);
  CHECK(with.end_of(nap) == "succeeded");
  CHECK(with.slots.used() == 1);
  CHECK(with.cancel(first) == domain::ExecutionStatus::kCancelled);
  CHECK(sink.wait_for_requests(2));
  CHECK(with.slots.used() == 1);
  CHECK(with.cancel(second) == domain::ExecutionStatus::kCancelled);
}

TEST_CASE("effects whose lease failed and happened all the same are carried out once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.calls = 1});
  with.apply(calling("send", "POST", sink.url()));
  store.unsure_leases = 2;
  std::vector<ExecutionId> all;
  for (int i = 0; i < 5; ++i) all.push_back(with.run("send"));
  // Each failed lease is tried again after a pause.
  CHECK(with.eventually([&] {
    with.advance(std::chrono::seconds(1));
    return store.unsure_leases == 0;
  }));
  CHECK(with.eventually([&] {
    with.advance(std::chrono::seconds(1));
    return with.dispatcher.live() == 0;
  }));
  for (const auto& id : all) CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == 5);
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0 && with.slots.used() == 0; }));
}

TEST_CASE("a decision whose commit failed and happened all the same is carried out once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: twice\non: { manual: {} }\nsteps:\n"
             "  - { id: one, uses: http/request, with: { method: POST, url: '" + sink.url("/one") + "' } }\n"
             "  - { id: two, uses: http/request, with: { method: POST, url: '" + sink.url("/two") + "' } }\n");
  const auto id = with.accept(with.arrival("twice"))->execution;
  store.unsure = 1;
  CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == 2);
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0 && with.slots.used() == 0; }));
}

TEST_CASE("an execution whose decision the store refuses ends as failed, and another one does not notice") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("get", "GET", sink.url()));
  store.too_large = 1;
  const auto refused = with.ended(with.run("get"));
  CHECK(status_name(refused.execution.status) == "failed");
  REQUIRE(refused.execution.error);
  CHECK(refused.execution.error->code == "internal");
  CHECK(refused.execution.error->message.find("larger than the database takes") != std::string::npos);
  CHECK(refused.effects.empty());
  CHECK(with.end_of(with.run("get")) == "succeeded");
  CHECK(with.eventually([&] { return with.dispatcher.live() == 0 && with.slots.used() == 0; }));
}

TEST_CASE("it stops although the disk refuses every decision") {
  constexpr int kForEver = 1'000'000;
  FlakyStore store(store::make_memory_store());
  {
    Instance with(store);
    with.apply("name: nap\non: { manual: {} }\nsteps: [ { sleep: 1h }, { sleep: 1h } ]\n");
    std::vector<ExecutionId> all;
    for (int i = 0; i < 10; ++i) all.push_back(with.run("nap"));
    store.fail = kForEver;
    with.advance(1h);
    REQUIRE(with.eventually([&] { return store.fail <= kForEver - 10; }));
    with.stop();
    CHECK(store.fail > 0);
  }
  // The next start finds what it left.
  store.fail = 0;
  constexpr domain::BootId kNext = 1000;  // leases count up from the boot
  REQUIRE(store.release_orphans(kNext));
  Instance next(store, {.boot = kNext});
  const auto left = [&] { return store.open_reader().value()->counts().value().live_executions; };
  CHECK(next.eventually([&] {
    next.advance(1h);
    return left() == 0;
  }));
}
