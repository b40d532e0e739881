// Rate limits, breakers, masks and the memory for what is between two decisions.
#include <atomic>
#include <cmath>

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

std::string text_of_logs(Instance& with, const ExecutionId& id) {
  std::string all;
  const auto lines = with.store.open_reader().value()->logs(kTenant, {.execution = id});
  for (const auto& line : *lines) all += line.text + "\n";
  return all;
}

}  // namespace

TEST_CASE("calls over their rate wait for it, whatever workflow they belong to") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  const std::string limit = ", rate-limit: { key: api, limit: 2/s }";
  with.apply(calling("one", "POST", sink.url(), limit));
  with.apply(calling("two", "POST", sink.url(), limit));
  std::vector<ExecutionId> all;
  for (int i = 0; i < 2; ++i) {
    all.push_back(with.run("one"));
    all.push_back(with.run("two"));
  }
  CHECK(with.end_of(all[0]) == "succeeded");
  CHECK(with.end_of(all[1]) == "succeeded");
  CHECK(sink.requests().size() == 2);
  CHECK(with.look(all[2]).effects.front().due_at == kNow + 500ms);
  CHECK(with.look(all[3]).effects.front().due_at == kNow + 1s);
  with.advance(500ms);
  CHECK(with.end_of(all[2]) == "succeeded");
  CHECK(sink.requests().size() == 3);
  with.advance(500ms);
  CHECK(with.end_of(all[3]) == "succeeded");
}

TEST_CASE("a call that its rate would keep for more than an hour is deferred, and tells for how long") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("slow", "POST", sink.url(), ", rate-limit: { key: api, limit: 1/40m }"));
  CHECK(with.end_of(with.run("slow")) == "succeeded");
  const auto second = with.run("slow");
  CHECK(with.look(second).effects.front().due_at == kNow + 40min);
  const auto third = with.ended(with.run("slow"));
  CHECK(third.execution.error->code == "deferred_too_long");
  CHECK(text_of_logs(with, third.execution.id).find("the rate limit has no room for 1h20m") != std::string::npos);
  CHECK(sink.requests().size() == 1);
}

TEST_CASE("calls that are cancelled while they wait for their turn leave it to others") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  const std::string call = "uses: http/request, with: { method: POST, url: '" + sink.url() + "' }, rate-limit: { key: api, limit: 1/m }";
  with.apply("name: many\non: { manual: {} }\nsteps:\n  - id: all\n    for-each: \"${{ range(0, 50) }}\"\n    max-parallel: 50\n"
             "    steps: [ { id: call, " + call + " } ]\n");
  with.apply("name: one\non: { manual: {} }\nsteps: [ { id: call, " + call + " } ]\n");
  const auto many = with.run("many");
  REQUIRE(sink.wait_for_requests(1));
  REQUIRE(with.eventually([&] { return with.look(many).effects.size() == 49; }));
  const auto late = with.run("one");
  CHECK(with.look(late).effects.front().due_at == kNow + 50min);
  CHECK(with.cancel(many) == domain::ExecutionStatus::kCancelled);
  const auto next = with.run("one");
  CHECK(with.look(next).effects.front().due_at == kNow + 1min);
  with.advance(1min);
  CHECK(with.end_of(next) == "succeeded");
}

TEST_CASE("a decision that is taken twice uses its rate limit once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: late\non: { manual: {} }\nsteps:\n  - sleep: 1h\n  - { id: call, uses: http/request, with: { method: POST, url: '" +
             sink.url() + "' }, rate-limit: { key: api, limit: 1/10m } }\n");
  const auto id = with.run("late");
  store.stale = GENERATE(0, 3);
  store.fail = GENERATE(0, 3);
  with.advance(1h);
  CHECK(with.end_of(id) == "succeeded");
}

TEST_CASE("an event that comes twice uses the rate limit of its call once") {
  FakeHttpServer sink(answer_all);
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: now\non: { manual: {} }\nsteps:\n  - { id: call, uses: http/request, with: { method: POST, url: '" + sink.url() +
             "' }, rate-limit: { key: api, limit: 2/10m } }\n");
  const auto first = with.accept(with.arrival("now", "delivery-1"));
  for (int i = 0; i < 5; ++i) CHECK(with.accept(with.arrival("now", "delivery-1"))->duplicate);
  CHECK(with.end_of(first->execution) == "succeeded");
  CHECK(with.end_of(with.run("now")) == "succeeded");
}

TEST_CASE("a destination that is down is left alone, and asked again after a minute") {
  std::atomic<bool> up = false;
  FakeHttpServer sink([&](FakeHttpServer::Connection& connection) {
    while (connection.read_request()) {
      if (!connection.answer("{}", up ? "200 OK" : "500 Internal Server Error")) return;
    }
  });
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply(calling("once", "POST", sink.url(), ", retry: { max-attempts: 1 }"));
  for (int i = 0; i < 5; ++i) CHECK(with.end_of(with.run("once")) == "failed");
  REQUIRE(with.breakers.open().size() == 1);
  CHECK(with.breakers.open().front().connector == "http");
  CHECK(with.breakers.open().front().host.starts_with("127.0.0.1:"));
  CHECK(with.breakers.open().front().until == kNow + 60s);
  const auto waiting = with.run("once");
  REQUIRE(with.eventually([&] { return with.look(waiting).execution.revision == 2; }));
  CHECK(with.look(waiting).effects.front().due_at == kNow + 60s);
  CHECK(with.look(waiting).steps.front().attempts == 0);
  CHECK(sink.requests().size() == 5);
  up = true;
  with.advance(60s);
  CHECK(with.end_of(waiting) == "succeeded");
  CHECK(with.breakers.open().empty());
  CHECK(with.slots.used() == 0);
}

TEST_CASE("what a workflow masks is masked before anybody reads of it, and from then on") {
  FlakyStore store(store::make_memory_store());
  Instance with(store);
  with.apply("name: secretive\non: { manual: {} }\nsteps:\n"
             "  - { id: token, set: \"${{ mask('runtime-' && 'runtime-value-1') }}\" }\n"
             "  - log: \"it is ${{ steps.token.outputs }}\"\n");
  const auto id = with.ended(with.run("secretive")).execution.id;
  CHECK(text_of_logs(with, id).find("runtime-value-1") == std::string::npos);
  CHECK(text_of_logs(with, id).find("it is ***REDACTED***") != std::string::npos);
  CHECK(with.book.page(kTenant)->masker.mask("runtime-value-1") == "***REDACTED***");
  auto reader = with.readers.borrow().value();
  REQUIRE(with.book.reload(*reader));
  CHECK(with.book.page(kTenant)->masker.mask("runtime-value-1") == "***REDACTED***");
}

TEST_CASE("of what is masked the newest is known, within bounds") {
  const auto catalog = connectors::Catalog::built_in().value();
  daemon::CredentialBook book(catalog, {});
  const auto value = [](std::size_t i) { return "value-number-" + std::to_string(100'000 + i); };
  const std::size_t count = daemon::CredentialBook::kMostMasked + 1;
  std::vector<std::string> first;
  for (std::size_t i = 0; i + 1 < count; ++i) first.push_back(value(i));
  book.mask(kTenant, first);
  CHECK(book.page(kTenant)->masker.mask(value(0)) == "***REDACTED***");
  book.mask(kTenant, {value(count - 1)});
  CHECK(book.page(kTenant)->masker.mask(value(0)) == value(0));
  CHECK(book.page(kTenant)->masker.mask(value(count - 1)) == "***REDACTED***");
  CHECK(book.page(kTenant)->masker.mask(value(count / 2)) == "***REDACTED***");
  CHECK(book.page(kOtherTenant)->masker.mask(value(count - 1)) == value(count - 1));
  // One that is longer than is kept is masked as far as it is known.
  book.mask(kTenant, {std::string(100 * 1024, 'q'), ""});
  CHECK(book.page(kTenant)->masker.mask(std::string(8 * 1024, 'q')) == "***REDACTED***");
}

TEST_CASE("after a start the newest of what was masked is known, whatever its letters") {
  FlakyStore store(store::make_memory_store());
  const auto value = [](std::size_t i) { return (i % 2 == 0 ? "a-value-" : "z-value-") + std::to_string(100'000 + i); };
  constexpr std::size_t kCount = daemon::CredentialBook::kMostMasked + 100;
  REQUIRE(store.commit({save_workflows({make_workflow("wf_1", "greet")})}).front());
  for (std::size_t i = 0; i < kCount; i += 2) {
    auto write = accept("ex_" + std::to_string(900'000 - i));  // ids tell nothing of the order either
    write.masked = {value(i), value(i + 1)};
    REQUIRE(store.commit({write}).front());
  }
  const auto catalog = connectors::Catalog::built_in().value();
  daemon::CredentialBook book(catalog, {});
  auto reader = store.open_reader().value();
  REQUIRE(book.load_masked(*reader));
  const auto page = book.page(kTenant);
  for (std::size_t i = 0; i < 100; ++i) CHECK(page->masker.mask(value(i)) == value(i));
  for (std::size_t i = 100; i < kCount; ++i) CHECK(page->masker.mask(value(i)) == "***REDACTED***");
}

TEST_CASE("executions end the same with much memory between two decisions, with little and with none") {
  FakeHttpServer sink(answer_all);
  const std::size_t budget = GENERATE(std::size_t{0}, std::size_t{20'000}, std::size_t{64 * 1024 * 1024});
  FlakyStore store(store::make_memory_store());
  Instance with(store, {.budget = budget});
  with.apply("name: loop\non: { manual: {} }\nsteps:\n  - id: all\n    for-each: \"${{ range(0, 30) }}\"\n    max-parallel: 4\n"
             "    steps: [ { id: call, uses: http/request, with: { method: POST, url: '" + sink.url() + "' } } ]\n");
  std::vector<ExecutionId> all;
  for (int i = 0; i < 3; ++i) all.push_back(with.run("loop"));
  for (const auto& id : all) CHECK(with.end_of(id) == "succeeded");
  CHECK(sink.requests().size() == 90);
  REQUIRE(with.eventually([&] { return with.dispatcher.idle(); }));
  CHECK(with.dispatcher.kept_bytes() == 0);
}

TEST_CASE("a snapshot knows its size however often it changes") {
  domain::ExecutionSnapshot start;
  start.payload = {{"body", std::string(5000, 'x')}};
  daemon::LiveSnapshot live(start);
  CHECK(live.bytes() > 5000);
  const std::size_t at_first = live.bytes();
  domain::ExecutionChange change;
  for (int i = 0; i < 50; ++i) {
    change = {};
    domain::Step step;
    step.path = "loop[" + std::to_string(i % 10) + "].call-with-a-long-name";
    step.outputs = Json::array({std::string(static_cast<std::size_t>(100 * (i % 7)), 'y'), i});
    if (i % 3 == 0) step.items = std::make_shared<const Json>(Json::array({1, 2, 3}));
    change.steps.put(step);
    domain::Effect effect;
    effect.id = EffectId("ex_1/an-effect-with-a-long-name/" + std::to_string(i));
    effect.call.inputs = {{"text", std::string(200, 'z')}};
    change.effects.push_back(effect);
    if (i > 0) change.finished.push_back(EffectId("ex_1/an-effect-with-a-long-name/" + std::to_string(i - 1)));
    live.apply(change);
  }
  CHECK(live.bytes() > at_first);
  CHECK(live.bytes() < at_first + 20'000);
  // What is shared is counted once it is there, and strings keep what they have reserved: near is near enough.
  const auto anew = static_cast<double>(daemon::LiveSnapshot(live.get()).bytes());
  CHECK(std::abs(static_cast<double>(live.bytes()) - anew) < 0.15 * anew);
}

TEST_CASE("the shelf keeps what was put there last, within its budget") {
  const auto snapshot = [](const std::string& id) {
    domain::ExecutionSnapshot made;
    made.execution.id = ExecutionId(id);
    made.payload = std::string(1000, 'x');
    return std::make_shared<daemon::LiveSnapshot>(std::move(made));
  };
  const std::size_t each = snapshot("ex_1")->bytes();
  daemon::SnapshotShelf shelf(3 * each + 10);
  for (const char* id : {"ex_1", "ex_2", "ex_3"}) shelf.put(snapshot(id));
  shelf.put(snapshot("ex_1"));  // again: it is the newest now
  shelf.put(snapshot("ex_4"));
  CHECK(shelf.size() == 3);
  CHECK(shelf.bytes() == 3 * each);
  CHECK(shelf.take(ExecutionId("ex_2")) == nullptr);
  CHECK(shelf.take(ExecutionId("ex_1")) != nullptr);
  CHECK(shelf.take(ExecutionId("ex_1")) == nullptr);
  CHECK(shelf.size() == 2);
  daemon::SnapshotShelf tiny(each - 1);
  tiny.put(snapshot("ex_1"));
  CHECK(tiny.size() == 0);
  CHECK(tiny.bytes() == 0);
}
