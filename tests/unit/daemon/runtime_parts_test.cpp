// The small parts that everything else stands on.
#include <atomic>
#include <future>
#include <set>

#include "core/store/memory_store.h"
#include "daemon/runtime/call_slots.h"
#include "daemon/runtime/commit_queue.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/notifier.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/runtime/worker_pool.h"
#include "tests/support/catch.h"
#include "tests/support/store_fixtures.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace ipaas::daemon;

namespace {

/// Reads what the test puts there. While it is asked it may do something else, as another thread would.
class FakeInstanceReader final : public store::InstanceReader {
 public:
  Result<domain::Tenant> tenant(std::string_view) override { return fail(ErrorKind::kNotFound, "no"); }
  Result<std::vector<domain::WebhookTrigger>> webhook_triggers() override {
    auto result = triggers;
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return result;
  }
  Result<std::vector<domain::Schedule>> schedules_by_due(std::size_t) override {
    return std::vector<domain::Schedule>{};
  }
  Result<std::vector<domain::EndListener>> end_listeners() override { return std::vector<domain::EndListener>{}; }
  Result<std::optional<Instant>> next_effect_due() override { return std::optional<Instant>(); }
  Result<std::vector<domain::Credential>> all_credentials() override {
    auto result = credentials;
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return result;
  }
  Result<std::vector<domain::Variable>> all_variables() override {
    auto result = variables;
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return result;
  }
  Result<std::vector<std::pair<TenantId, std::string>>> masked_values(std::size_t) override {
    return std::vector<std::pair<TenantId, std::string>>{};
  }
  Result<store::Counts> counts() override { return store::Counts{}; }

  std::vector<domain::WebhookTrigger> triggers;
  std::vector<domain::Credential> credentials;
  std::vector<domain::Variable> variables;
  std::function<void()> meanwhile;
};

domain::WebhookTrigger trigger(const std::string& id, std::string name) {
  return {.tenant = kTenant, .tenant_name = "default", .workflow = WorkflowId(id), .workflow_name = std::move(name)};
}

domain::Credential credential(std::string name, const std::string& fields, bool deleted = false) {
  domain::Credential made;
  made.tenant = kTenant;
  made.name = std::move(name);
  made.type = "bearer";
  made.fields = Secret(fields);
  if (deleted) made.deleted_at = kNow;
  return made;
}

store::Write workflow_write(int number) {
  return save_workflows({make_workflow("wf_" + std::to_string(number), "w" + std::to_string(number))});
}

}  // namespace

TEST_CASE("slots are taken all or none, or as many as there are") {
  int freed = 0;
  CallSlots slots(3, [&] { ++freed; });
  CHECK(slots.try_take(2));
  CHECK_FALSE(slots.try_take(2));
  CHECK(slots.take_up_to(5) == 1);
  CHECK(slots.take_up_to(5) == 0);
  CHECK(slots.used() == 3);
  slots.give_back(1);
  CHECK(freed == 1);
  slots.give_back(1);
  CHECK(freed == 1);  // nobody was refused since
  slots.give_back(0);
  slots.close();
  CHECK_FALSE(slots.try_take(1));
  CHECK(slots.take_up_to(1) == 0);
}

TEST_CASE("whoever is refused a slot is told when one comes back, however close the two are") {
  std::atomic<int> freed{0};
  CallSlots slots(1, [&] { ++freed; });
  for (int i = 0; i < 2000; ++i) {
    REQUIRE(slots.try_take(1));
    freed = 0;
    std::thread other([&] { slots.give_back(1); });
    const std::size_t taken = slots.take_up_to(1);
    other.join();
    const bool told = freed > 0;
    CHECK((taken == 1 || told));
    slots.give_back(taken);
  }
}

TEST_CASE("a watcher is told of its own subject until it stops watching") {
  Notifier notifier;
  int execution = 0;
  int tenant = 0;
  const auto first = notifier.watch(ExecutionId("ex_1"), [&] { ++execution; });
  const auto second = notifier.watch(kTenant, [&] { ++tenant; });
  notifier.committed(kTenant, ExecutionId("ex_1"));
  notifier.committed(kTenant, ExecutionId("ex_2"));
  notifier.committed(kOtherTenant, ExecutionId("ex_3"));
  CHECK(execution == 1);
  CHECK(tenant == 2);
  notifier.unwatch(first);
  notifier.unwatch(first);
  notifier.unwatch(Notifier::Token{});
  notifier.committed(kTenant, ExecutionId("ex_1"));
  CHECK(execution == 1);
  CHECK(tenant == 3);
  notifier.unwatch(second);
  notifier.committed(kTenant, ExecutionId("ex_1"));
  CHECK(tenant == 3);
}

TEST_CASE("every write is completed once with its own outcome, in groups") {
  auto store = store::make_memory_store();
  std::vector<std::promise<std::string>> answers(500);
  CommitQueue queue(*store);
  for (int i = 0; i < 500; ++i) {
    queue.submit(workflow_write(i), [&answers, i](Result<store::Outcome> outcome) {
      answers[static_cast<std::size_t>(i)].set_value(outcome ? outcome->workflows.at(0).name : "failed");
    });
  }
  for (int i = 0; i < 500; ++i)
    CHECK(answers[static_cast<std::size_t>(i)].get_future().get() == "w" + std::to_string(i));
}

TEST_CASE("a commit queue that stops commits what waits first") {
  auto store = store::make_memory_store();
  std::atomic<int> done{0};
  {
    CommitQueue queue(*store);
    for (int i = 0; i < 100; ++i) queue.submit(workflow_write(i), [&](auto&&) { ++done; });
    queue.stop();
    CHECK(done == 100);
    queue.stop();
  }
  CHECK(store->open_reader().value()->workflows(kTenant)->size() == 100);
}

TEST_CASE("a commit queue that stops does not wait for writes that lead to writes") {
  auto store = store::make_memory_store();
  constexpr int kForEver = 200'000;
  std::atomic<int> writes{0};
  std::promise<void> begun;
  CommitQueue queue(*store);
  const std::function<void()> write = [&] {
    queue.submit(store::NoteCrash{kTenant, ExecutionId("ex_none")}, [&](const Result<store::Outcome>&) {
      if (++writes == 1) begun.set_value();
      if (writes < kForEver) write();
    });
  };
  write();
  begun.get_future().wait();
  queue.stop();
  CHECK(writes < kForEver);
}

TEST_CASE("a worker pool that stops runs what was posted before, and nothing that came later") {
  std::atomic<int> ran{0};
  WorkerPool pool(3);
  for (int i = 0; i < 100; ++i) pool.post([&] { ++ran; });
  pool.stop();
  CHECK(ran == 100);
  pool.post([&] { ++ran; });
  CHECK(ran == 100);
}

TEST_CASE("a worker pool that stops does not wait for tasks that post themselves anew") {
  constexpr int kForEver = 2'000'000;
  std::atomic<int> ran{0};
  std::promise<void> begun;
  WorkerPool pool(3);
  const std::function<void()> task = [&] {
    if (++ran == 1) begun.set_value();
    if (ran < kForEver) pool.post(task);
  };
  pool.post(task);
  begun.get_future().wait();
  pool.stop();
  CHECK(ran < kForEver);
}

namespace {

/// An index over what the reader says; no definition of any of it is to be found.
struct IndexCase {
  FakeInstanceReader reader;
  connectors::Catalog catalog = connectors::Catalog::built_in().value();
  DefinitionCache definitions{catalog};
  std::unique_ptr<store::Store> store = store::make_memory_store();
  std::unique_ptr<store::Reader> empty = store->open_reader().value();
  TriggerIndex index{definitions};
  [[nodiscard]] Result<void> reload() { return index.reload(reader, *empty); }
};

}  // namespace

TEST_CASE("webhooks are found by id and by tenant and name") {
  IndexCase with;
  const TriggerIndex& index = with.index;
  with.reader.triggers = {trigger("wf_1", "a"), trigger("wf_2", "b")};
  REQUIRE(with.reload());
  CHECK(index.by_id("wf_2")->workflow_name == "b");
  CHECK(index.by_name("default", "a")->workflow == WorkflowId("wf_1"));
  CHECK_FALSE(index.by_name("other", "a"));
  CHECK_FALSE(index.by_name("default", "c"));
  CHECK_FALSE(index.by_id(""));
}

TEST_CASE("a slow reading of the webhooks does not undo a newer one") {
  IndexCase with;
  with.reader.triggers = {trigger("wf_1", "old")};
  with.reader.meanwhile = [&] {
    with.reader.triggers.push_back(trigger("wf_2", "new"));
    REQUIRE(with.reload());
  };
  REQUIRE(with.reload());
  CHECK(with.index.by_id("wf_2"));
}

TEST_CASE("a slow reading of the credentials does not undo a newer one") {
  FakeInstanceReader reader;
  const auto catalog = connectors::Catalog::built_in().value();
  CredentialBook book(catalog, {});
  reader.meanwhile = [&] {
    reader.credentials.push_back(credential("new", R"({"token":"token-of-the-new"})"));
    REQUIRE(book.reload(reader));
  };
  REQUIRE(book.reload(reader));
  CHECK(book.page(kTenant)->living.contains("new"));
}

TEST_CASE("a deleted credential is not used, and its values stay hidden") {
  FakeInstanceReader reader;
  reader.credentials = {credential("alive", R"({"token":"token-of-the-living"})"),
                        credential("gone", R"({"token":"token-of-the-dead"})", true)};
  const auto catalog = connectors::Catalog::built_in().value();
  CredentialBook book(catalog, {});
  REQUIRE(book.reload(reader));
  const auto page = book.page(kTenant);
  CHECK(page->living.contains("alive"));
  CHECK_FALSE(page->living.contains("gone"));
  CHECK(page->masker.mask("saw token-of-the-dead and token-of-the-living") == "saw ***REDACTED*** and ***REDACTED***");
  CHECK(book.page(kOtherTenant)->living.empty());
}
