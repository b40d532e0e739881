// The running instance without its HTTP server: real threads, a store in memory, a clock that the test turns.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/service/workflows.h"
#include "core/store/memory_store.h"
#include "daemon/runtime/clockwork.h"
#include "daemon/runtime/commit_queue.h"
#include "daemon/runtime/errands.h"
#include "daemon/runtime/instance_runtime.h"
#include "daemon/runtime/wait_links.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/fake_randomness.h"
#include "tests/support/flaky_store.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {

constexpr std::chrono::seconds kRuntimePatience{20};

struct InstanceOptions {
  std::size_t calls = 100;
  std::size_t workers = 3;
  std::int64_t backlog = 1000;
  domain::BootId boot = 2;
  std::size_t budget = daemon::Dispatcher::kBudget;
  Duration longest_lead = daemon::Dispatcher::kLongestLead;
  /// Makes a connector beside those that are built in.
  std::function<std::unique_ptr<const connectors::Connector>()> connector = {};
  std::filesystem::path marks = {};  ///< the file of the crash marks; none: nothing outlives the instance
};

inline connectors::Catalog catalog_of(const InstanceOptions& options) {
  auto catalog = connectors::Catalog::built_in().value();
  if (options.connector) catalog.add(options.connector());
  return catalog;
}

/// A workflow `name` with one call of `method` to `url`.
inline std::string calling(std::string_view name, std::string_view method, const std::string& url,
                           std::string_view more = "") {
  return "name: " + std::string(name) +
         "\non: { manual: {} }\nsteps:\n  - { id: call, uses: http/request, with: { method: " + std::string(method) +
         ", url: '" + url + "' }" + std::string(more) + " }\n";
}

/// Members in dependency order, as in the daemon's own composition root.
class Instance {
 public:
  explicit Instance(FlakyStore& the_store, InstanceOptions options = {})
      : catalog(catalog_of(options)),
        store(the_store),
        readers(store),
        book(catalog, {}),
        definitions(catalog),
        slots(options.calls, [this] { clockwork.wake_at(clock.now()); }),
        workers(options.workers),
        queue(store),
        calls({catalog, book, clock, workers, breakers, marks, egress}),
        desk({book, slots, rates, listeners}),
        dispatcher({queue, readers, definitions, desk, clock, workers, calls, slots, marks, notifier, options.boot,
                    [this](const auto& effect, const auto& execution) { errands.run(effect, execution); },
                    [this](Instant due) { clockwork.wake_at(due); },
                    [](const ExecutionId&, const Error&) {},
                    [this](std::function<void()> task) { workers.post(std::move(task)); }, &links, options.budget, options.longest_lead}),
        intake({queue, dispatcher, desk, ids, randomness, clock, options.boot, options.backlog,
                [](std::int64_t) {}, &links, variables}),
        errands({queue, readers, definitions, listeners, dispatcher, intake, workers,
                 [this](std::function<void()> task) { workers.post(std::move(task)); },
                 [](const domain::Effect&, const Error&) {}}),
        scheduler({queue, readers, definitions, clock, log,
                   [this](service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) {
                     intake.accept(std::move(arrival), {}, std::move(done));
                   },
                   [this](std::function<void()> task) { workers.post(std::move(task)); },
                   [this](Instant due) { clockwork.look_at(due); }}),
        clockwork({queue, readers, clock, slots, options.boot,
                   [this](const auto& effects) { dispatcher.leased(effects); },
                   [this](Instant now) { return scheduler.look(now); }}),
        deliveries({queue, ids, clock, [this](Instant due, std::function<void()> task) { clockwork.at(due, std::move(task)); }}),
        runtime({intake, dispatcher, scheduler, triggers, listeners, book, definitions, readers, log, deliveries, variables}),
        watch_(notifier.watch(kTenant, [this] { news(); })) {
    REQUIRE(vault->ensure_tenant(kTenant));
    auto reader = readers.borrow().value();
    REQUIRE(listeners.reload(*reader));
    REQUIRE(book.load_masked(*reader));
    if (!options.marks.empty()) suspects = marks.open(options.marks).value();
    clockwork.start();
  }
  ~Instance() { stop(); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// In the order of the daemon: who makes work before who takes it.
  void stop() {
    intake.drain();
    clockwork.stop();
    workers.stop();
    queue.stop();
  }

  void apply(const std::string& source) {
    auto reader = readers.borrow().value();
    const service::Caller caller{kTenant, "uid:0", security::Role::kOwner};
    const auto page = book.page(kTenant);
    const service::Context context{caller, *reader, queue, runtime, catalog, page->masker, ids, clock};
    const auto saved = service::apply_workflows(context, {{{"test.yaml", source}}, "", false});
    if (!saved) FAIL(to_string(saved.error().front()));
  }

  [[nodiscard]] service::Arrival arrival(const std::string& name, std::optional<std::string> dedupe_key = {}) {
    auto reader = readers.borrow().value();
    const auto workflow = reader->workflow(kTenant, name).value();
    service::Arrival arrival;
    arrival.tenant = kTenant;
    arrival.workflow = workflow.id;
    arrival.workflow_name = name;
    arrival.version = workflow.version;
    arrival.definition = definitions.get(*reader, kTenant, workflow.id, workflow.version).value();
    arrival.payload = JsonDocument(Json::object());
    arrival.dedupe_key = std::move(dedupe_key);
    return arrival;
  }

  Result<service::Acceptance> accept(service::Arrival arrival) {
    return wait_for<service::Acceptance>([&](auto done) { intake.accept(std::move(arrival), {}, std::move(done)); });
  }
  ExecutionId run(const std::string& name) {
    const auto accepted = accept(arrival(name));
    if (!accepted) FAIL(to_string(accepted.error()));
    return accepted->execution;
  }
  Result<domain::ExecutionStatus> cancel(const ExecutionId& id) {
    return wait_for<domain::ExecutionStatus>([&](auto done) { runtime.cancel(kTenant, id, {"uid:0"}, std::move(done)); });
  }

  [[nodiscard]] domain::ExecutionSnapshot look(const ExecutionId& id) {
    return store.open_reader().value()->execution(kTenant, id).value();
  }
  /// As it is once it has ended.
  domain::ExecutionSnapshot ended(const ExecutionId& id) {
    REQUIRE(eventually([&] { return domain::has_ended(look(id).execution); }));
    return look(id);
  }
  [[nodiscard]] std::string end_of(const ExecutionId& id) {
    return std::string(status_name(ended(id).execution.status));
  }

  /// Looks whenever something was committed, and now and then besides: slots come back without a commit.
  bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kRuntimePatience;
    std::unique_lock lock(mutex_);
    for (;;) {
      const int seen = commits_;
      lock.unlock();
      if (condition()) return true;
      lock.lock();
      changed_.wait_for(lock, std::chrono::milliseconds(50), [&] { return commits_ != seen; });
      if (std::chrono::steady_clock::now() >= deadline) return condition();
    }
  }

  /// Time passes, and the clockwork notices at once.
  void advance(Duration by) {
    clock.advance(by);
    clockwork.at(clock.now(), [] {});
  }
  /// Something that the notifier does not tell may have changed.
  void news() {
    const std::lock_guard lock(mutex_);
    ++commits_;
    changed_.notify_all();
  }

  FakeClock clock;
  FakeRandomness randomness;
  IdSource ids{clock, randomness};
  connectors::Catalog catalog;
  security::EgressPolicy egress = security::EgressPolicy::parse({"127.0.0.0/8"}).value();
  const daemon::Log log{false, "error"};
  FlakyStore& store;
  daemon::ReaderPool readers;
  daemon::CredentialBook book;
  daemon::VariableBook variables;
  daemon::DefinitionCache definitions;
  daemon::TriggerIndex triggers{definitions};
  daemon::ListenerIndex listeners;
  daemon::Notifier notifier;
  std::unique_ptr<security::Vault> vault = security::Vault::ephemeral(randomness);
  const daemon::SignedWaitLinks links{*vault, "https://hooks.example"};
  daemon::CallSlots slots;
  daemon::CallRates rates;
  daemon::CrashMarks marks;
  std::vector<daemon::CrashMarks::Found> suspects;  ///< found when it started
  daemon::Breakers breakers{clock, [](const daemon::Breakers::Destination&) {}};
  daemon::WorkerPool workers;
  daemon::CommitQueue queue;
  daemon::CallRunner calls;
  daemon::DepartureDesk desk;
  daemon::Dispatcher dispatcher;
  daemon::Intake intake;
  daemon::Errands errands;
  daemon::Scheduler scheduler;
  daemon::Clockwork clockwork;
  daemon::DeliveryLog deliveries;
  daemon::InstanceRuntime runtime;

 private:
  template <typename T>
  Result<T> wait_for(const std::function<void(std::function<void(Result<T>)>)>& ask) {
    struct Answer {
      std::mutex mutex;
      std::condition_variable came;
      std::optional<Result<T>> value;
    };
    const auto answer = std::make_shared<Answer>();
    ask([answer](Result<T> value) {
      const std::lock_guard lock(answer->mutex);
      answer->value = std::move(value);
      answer->came.notify_all();
    });
    std::unique_lock lock(answer->mutex);
    if (!answer->came.wait_for(lock, kRuntimePatience, [&] { return answer->value.has_value(); })) {
      return fail(ErrorKind::kInternal, "nobody answered");
    }
    return *answer->value;
  }

  std::mutex mutex_;  ///< guards commits_
  std::condition_variable changed_;
  int commits_ = 0;
  daemon::Notifier::Token watch_;
};

}  // namespace ipaas::test
