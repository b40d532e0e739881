#include "daemon/app.h"

#include <unistd.h>

#include <thread>

#include "core/base/time_text.h"
#include "core/base/version.h"
#include "core/security/egress_policy.h"
#include "daemon/boot.h"
#include "daemon/crash_report.h"
#include "daemon/http/http_server.h"
#include "daemon/http/routes/api.h"
#include "daemon/http/wait_endpoint.h"
#include "daemon/http/webhook_endpoint.h"
#include "daemon/runtime/clockwork.h"
#include "daemon/runtime/commit_queue.h"
#include "daemon/runtime/errands.h"
#include "daemon/runtime/instance_runtime.h"
#include "daemon/runtime/retention_keeper.h"
#include "daemon/runtime/wait_links.h"
#include "daemon/system_clock.h"
#include "daemon/telemetry/log.h"
#include "daemon/telemetry/throttle.h"

namespace ipaas::daemon {
namespace {

constexpr std::size_t kServiceThreads = 2;
/// For links that strangers have: the control API must not wait for them.
constexpr std::size_t kVisitorThreads = 1;
constexpr Duration kRetryPause = std::chrono::milliseconds(250);
constexpr std::int64_t kCrashesToPoison = 3;
constexpr Duration kLastAnswers = std::chrono::milliseconds(250);

}  // namespace

/// Members in dependency order; destroyed in reverse. Threads are stopped by drain() and ~App() before that, those who
/// produce work before those who consume it.
struct App::Parts {
  Parts(Config the_config, Boot the_boot, connectors::Catalog the_catalog, security::EgressPolicy the_egress)
      : config(std::move(the_config)),
        log(config.log_json, config.log_level),
        boot(std::move(the_boot)),
        catalog(std::move(the_catalog)),
        egress(std::move(the_egress)),
        ids(clock, randomness),
        readers(*boot.store),
        book(catalog, {config.mask_personal}),
        definitions(catalog),
        links(*boot.vault, config.public_url),
        slots(config.calls, [this] { clockwork.wake_at(clock.now()); }),
        workers(config.workers),
        services(kServiceThreads),
        visitors(kVisitorThreads),
        queue(*boot.store),
        breakers(clock, [this](const Breakers::Destination& down) {
          log.warn("a destination is left alone for a minute, since calls to it fail", {{"connector", down.connector}, {"host", down.host}});
        }),
        calls({catalog, book, clock, workers, breakers, marks, egress}),
        desk({book, slots, rates, listeners}),
        dispatcher({queue, readers, definitions, desk, clock, workers, calls, slots, marks, notifier, boot.id,
                    [this](const auto& effect, const auto& execution) { errands.run(effect, execution); },
                    [this](Instant due) { clockwork.wake_at(due); },
                    [this](const ExecutionId& execution, const Error& error) {
                      log.error("an execution can be neither read nor ended",
                                {{"execution", execution.str()}, {"reason", error.message}});
                    },
                    [this](std::function<void()> task) { clockwork.retry_at(clock.now() + kRetryPause, std::move(task)); }, &links}),
        intake({queue, dispatcher, desk, ids, randomness, clock, boot.id, config.backlog,
                [this](std::int64_t live) { warn_of_backlog(live); }, &links, variables}),
        errands({queue, readers, definitions, listeners, dispatcher, intake, workers,
                 [this](std::function<void()> task) { clockwork.retry_at(clock.now() + kRetryPause, std::move(task)); },
                 [this](const domain::Effect& effect, const Error& error) {
                   log.error("what an execution has decided cannot be done",
                             {{"effect", effect.id.str()}, {"kind", std::string(domain::effect_name(effect.kind))}, {"reason", error.message}});
                 }}),
        scheduler({queue, readers, definitions, clock, log,
                   [this](service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) {
                     intake.accept(std::move(arrival), {}, std::move(done));
                   },
                   [this](std::function<void()> task) { workers.post(std::move(task)); },
                   [this](Instant due) { clockwork.look_at(due); }}),
        clockwork({queue, readers, clock, slots, boot.id, [this](const auto& effects) { dispatcher.leased(effects); },
                   [this](Instant now) { return scheduler.look(now); }}),
        deliveries({queue, ids, clock, [this](Instant due, std::function<void()> task) { clockwork.at(due, std::move(task)); }}),
        runtime({intake, dispatcher, scheduler, triggers, listeners, book, definitions, readers, log, deliveries, variables}),
        retention({queue, readers, definitions, services, clock,
                   [this](Instant due, std::function<void()> task) { clockwork.at(due, std::move(task)); }, log,
                   {boot.default_tenant}, config.retention, config.max_size}),
        api({readers, services, queue, runtime, notifier, catalog, book, ids, clock,
             [this](Instant due, std::function<void()> task) { clockwork.at(due, std::move(task)); },
             config.public_url}),
        results({readers, workers, definitions, book, notifier, clock,
                 [this](Instant due, std::function<void()> task) { clockwork.at(due, std::move(task)); },
                 [this](const TenantId& tenant, const ExecutionId& execution) {
                   runtime.cancel(tenant, execution, {"the caller, who went away"}, [](const auto&) {});
                 }}),
        webhooks({triggers, definitions, book, readers, workers, intake, clock, results, deliveries,
                  [this](const domain::WebhookTrigger& trigger, const Error& error) { warn_of_refusal(trigger, error); },
                  config.public_url, config.http.body_bytes, config.http.webhook_bytes}),
        waits({links, readers, visitors, runtime, book, clock}),
        router([this](const http::Request& request, security::Permission) { return authenticate(request); }),
        server(config.http, router, randomness, [this](std::string_view text) { log.warn(text); }) {}

  [[nodiscard]] Result<void> open();
  [[nodiscard]] Result<void> look_after_crashes();
  [[nodiscard]] Result<void> listen();
  void add_routes();
  [[nodiscard]] Json status() const;
  [[nodiscard]] Json open_breakers() const;
  [[nodiscard]] Result<http::Caller> authenticate(const http::Request& request) const;
  void warn_of_backlog(std::int64_t live);
  void warn_of_refusal(const domain::WebhookTrigger& trigger, const Error& error);
  [[nodiscard]] bool idle() const { return intake.idle() && slots.used() == 0 && dispatcher.idle(); }
  void stop_threads();

  const Config config;
  const Log log;
  SystemClock clock;
  SystemRandomness randomness;
  const Boot boot;
  const connectors::Catalog catalog;
  const security::EgressPolicy egress;
  IdSource ids;
  ReaderPool readers;
  CredentialBook book;
  VariableBook variables;
  DefinitionCache definitions;
  TriggerIndex triggers{definitions};
  ListenerIndex listeners;
  Notifier notifier;
  const SignedWaitLinks links;
  CallSlots slots;
  CallRates rates;
  CrashMarks marks;
  WorkerPool workers;
  WorkerPool services;
  WorkerPool visitors;
  CommitQueue queue;
  Breakers breakers;
  CallRunner calls;
  DepartureDesk desk;
  Dispatcher dispatcher;
  Intake intake;
  Errands errands;
  Scheduler scheduler;
  Clockwork clockwork;
  DeliveryLog deliveries;
  InstanceRuntime runtime;
  RetentionKeeper retention;
  http::Api api;
  http::ResultDesk results;
  http::WebhookEndpoint webhooks;
  http::WaitEndpoint waits;
  http::Router router;
  http::HttpServer server;

  Throttle backlog_warnings{std::chrono::seconds(10)};
  Throttle refusal_warnings{std::chrono::seconds(1)};
  Instant started_at{};
  std::uint16_t port = 0;
  std::atomic<bool> draining{false};
  bool stopped = false;
};

Result<void> App::Parts::open() {
  started_at = clock.now();
  auto reader = readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  if (auto loaded = book.reload(**reader); !loaded) return loaded;
  if (auto loaded = book.load_masked(**reader); !loaded) return loaded;
  if (auto loaded = variables.reload(**reader); !loaded) return loaded;
  if (auto loaded = triggers.reload(**reader); !loaded) return loaded;
  if (auto loaded = listeners.reload(**reader); !loaded) return loaded;
  const auto counts = (*reader)->counts();
  if (!counts) return tl::unexpected(counts.error());
  dispatcher.set_live(counts->live_executions);
  return look_after_crashes();
}

/// Who was being worked on when an earlier daemon died is counted; whoever was three times is not decided upon again.
Result<void> App::Parts::look_after_crashes() {
  if (!boot.data_dir) return report_crashes({});
  const std::filesystem::path report = config.data_dir / "crash.log";
  if (auto reporting = report_crashes(report); !reporting) return reporting;
  const auto found = marks.open(config.data_dir / "crash.marks");
  if (!found) return tl::unexpected(found.error());
  for (const CrashMarks::Found& suspect : *found) {
    std::int64_t crashes = 0;
    for (int i = 0; i < suspect.crashes; ++i) {
      const auto noted = store::write_and_wait(queue, store::NoteCrash{suspect.tenant, suspect.execution});
      if (!noted && noted.error().kind != ErrorKind::kNotFound) return tl::unexpected(noted.error());
      if (noted) crashes = noted->count;
    }
    log.warn("an earlier daemon died while it worked on an execution",
             {{"execution", suspect.execution.str()}, {"times", std::to_string(crashes)}, {"see", report.string()}});
    if (crashes < kCrashesToPoison) continue;
    dispatcher.deliver(suspect.tenant, suspect.execution,
                       engine::Broke{"set aside: the daemon died " + std::to_string(crashes) + " times while it worked on it",
                                     "poisoned"});
  }
  return {};
}

Result<void> App::Parts::listen() {
  const auto address = parse_listen(config.listen);
  if (!address) return tl::unexpected(address.error());
  add_routes();
  if (auto listening = server.listen_unix(config.socket.string()); !listening) return listening;
  const auto bound = server.listen_tcp(address->host, address->port);
  if (!bound) return tl::unexpected(bound.error());
  port = *bound;
  clockwork.start();
  retention.start();
  server.start();
  return {};
}

void App::Parts::add_routes() {
  router.add(webhooks.routes());
  router.add(waits.routes());
  router.add(http::approval_routes(api));
  router.add(http::delivery_routes(api));
  router.add(http::workflow_routes(api));
  router.add(http::schedule_routes(api));
  router.add(http::execution_routes(api));
  router.add(http::log_routes(api));
  router.add(http::credential_routes(api));
  router.add(http::variable_routes(api));
  router.add(http::connector_routes(api));
  router.add(http::webhook_routes(api, config.public_url));
  router.add(http::instance_routes(api, {[this] { return status(); }, [this] { return !draining; }}));
}

Json App::Parts::status() const {
  return {{"version", kVersion},
          {"started_at", format_instant(started_at)},
          {"uptime_ms", (clock.now() - started_at).count()},
          {"listen", parse_listen(config.listen)->host + ":" + std::to_string(port)},
          {"socket", config.socket.string()},
          {"store", boot.store_name},
          {"public_url", config.public_url.empty() ? Json() : Json(config.public_url)},
          {"backlog_cap", config.backlog},
          {"calls_in_flight", slots.used()},
          {"workers", config.workers},
          {"open_breakers", open_breakers()},
          {"draining", draining.load()}};
}

Json App::Parts::open_breakers() const {
  Json open = Json::array();
  for (const Breakers::Open& breaker : breakers.open()) {
    open.push_back({{"tenant", breaker.tenant.str()},
                    {"connector", breaker.connector},
                    {"host", breaker.host},
                    {"until", format_instant(breaker.until)}});
  }
  return open;
}

/// On the socket the daemon's own user and root own the instance. Everybody else brings a token, once tokens exist.
Result<http::Caller> App::Parts::authenticate(const http::Request& request) const {
  if (request.peer.door != http::Door::kSocket || !request.peer.uid) {
    return fail(ErrorKind::kUnauthenticated, "this needs an access token, and this version has none yet",
                "use the control socket on the daemon's machine");
  }
  if (*request.peer.uid != ::geteuid() && *request.peer.uid != 0) {
    return fail(ErrorKind::kForbidden, "the user with uid " + std::to_string(*request.peer.uid) + " is not the owner",
                "run it as the daemon's own user or as root");
  }
  const auto tenant = request.header("x-ipaas-tenant").value_or("default");
  if (tenant != "default") {
    return fail(ErrorKind::kNotFound, "there is no such tenant", "this version has the tenant `default`");
  }
  return http::Caller{boot.default_tenant, {}, "uid:" + std::to_string(*request.peer.uid), security::Role::kOwner};
}

void App::Parts::warn_of_backlog(std::int64_t live) {
  if (!backlog_warnings.allow(clock.now())) return;
  log.warn("the backlog is full: webhooks are answered 503 with Retry-After",
           {{"executions", std::to_string(live)}, {"limits.backlog", std::to_string(config.backlog)}});
}

void App::Parts::warn_of_refusal(const domain::WebhookTrigger& trigger, const Error& error) {
  if (error.kind == ErrorKind::kBacklogFull || !refusal_warnings.allow(clock.now())) return;
  log.warn("a webhook was refused",
           {{"workflow", trigger.workflow_name}, {"code", error.code}, {"reason", error.message}});
}

void App::Parts::stop_threads() {
  if (stopped) return;
  stopped = true;
  retention.stop();
  server.stop();
  clockwork.stop();
  services.stop();
  visitors.stop();
  workers.stop();
  queue.stop();
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

App::~App() { parts_->stop_threads(); }

Result<std::unique_ptr<App>> App::start(Config config) {
  auto catalog = connectors::Catalog::built_in();
  if (!catalog) return tl::unexpected(catalog.error());
  auto egress = security::EgressPolicy::parse(config.egress_allow);
  if (!egress) return tl::unexpected(egress.error());
  auto boot = Boot::prepare(config);
  if (!boot) return tl::unexpected(boot.error());
  auto parts = std::make_unique<Parts>(std::move(config), *std::move(boot), *std::move(catalog), *std::move(egress));
  std::unique_ptr<App> app(new App(std::move(parts)));
  if (auto opened = app->parts_->open(); !opened) return tl::unexpected(opened.error());
  if (auto listening = app->parts_->listen(); !listening) return tl::unexpected(listening.error());
  if (!app->parts_->boot.new_key.empty()) {
    app->parts_->log.info("made the master key: keep a copy of it and of the keyring beside it, away from backups of the data, which hold neither",
                          {{"key", app->parts_->boot.new_key}});
  }
  return app;
}

std::string App::ready_line() const {
  const Parts& parts = *parts_;
  std::string line = "ready: webhooks on http://" + parts.status()["listen"].get<std::string>() + ", control socket " +
                     parts.config.socket.string() + ", store " + parts.boot.store_name;
  if (parts.boot.orphans > 0) line += ", " + std::to_string(parts.boot.orphans) + " calls of the last run to look after";
  return line;
}

void App::drain(Duration grace) {
  Parts& parts = *parts_;
  const auto deadline = std::chrono::steady_clock::now() + grace;
  const auto left = [&] {
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()),
                    std::chrono::milliseconds(0));
  };
  parts.log.info("draining: nothing new is accepted", {{"calls under way", std::to_string(parts.slots.used())},
                                                       {"up to", format_duration(grace)}});
  // The doors stay open, so that a balancer and the command line are told why they are refused.
  parts.draining = true;
  parts.intake.drain();
  parts.slots.close();
  parts.retention.stop();
  parts.clockwork.drain();
  while (!parts.idle() && left().count() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const bool parked = !parts.idle();
  parts.server.stop_accepting();
  parts.server.drain(std::max(left(), kLastAnswers));
  parts.stop_threads();
  parts.log.info(parked ? "stopped; calls that were under way are looked after at the next start" : "stopped");
}

}  // namespace ipaas::daemon
