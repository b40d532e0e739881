// The control API and the webhooks of a running instance, behind a real server on a Unix socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/http_server.h"
#include "daemon/http/routes/api.h"
#include "daemon/http/wait_endpoint.h"
#include "daemon/http/webhook_endpoint.h"
#include "tests/support/raw_client.h"
#include "tests/unit/daemon/runtime_kit.h"

namespace ipaas::test {

namespace http = daemon::http;

/// Who asks says so in a header, which the daemon itself never believes.
inline Result<http::Caller> believe(const http::Request& request, security::Permission permission) {
  http::Caller caller{kTenant, {}, "uid:0", security::Role::kOwner};
  if (request.header("x-test-tenant")) caller.tenant = TenantId(std::string(*request.header("x-test-tenant")));
  if (const auto role = request.header("x-test-role")) caller.role = security::role_from_name(*role).value();
  if (!security::permits(caller.role, permission)) return fail(ErrorKind::kForbidden, "the role is too low");
  return caller;
}

class ApiCase {
 public:
  /// Routes of the test's own, beside those of the daemon.
  using MoreRoutes = std::function<std::vector<http::Route>(http::Api&)>;

  explicit ApiCase(InstanceOptions options = {}, const MoreRoutes& more = {}) : instance(store_, options) {
    if (more) router_.add(more(api_));
    router_.add(http::workflow_routes(api_));
    router_.add(http::schedule_routes(api_));
    router_.add(http::execution_routes(api_));
    router_.add(http::log_routes(api_));
    router_.add(http::credential_routes(api_));
    router_.add(http::variable_routes(api_));
    router_.add(http::connector_routes(api_));
    router_.add(http::webhook_routes(api_, "https://hooks.example"));
    router_.add(http::instance_routes(api_, {[] {
                                               return Json{{"version", "test"}};
                                             },
                                             [this] { return ready.load(); }}));
    router_.add(webhooks_.routes());
    router_.add(waits_.routes());
    router_.add(http::approval_routes(api_));
    router_.add(http::delivery_routes(api_));
    server_ = std::make_unique<http::HttpServer>(http::Limits{}, router_, instance.randomness);
    REQUIRE(server_->listen_unix(socket()));
    server_->start();
  }
  ~ApiCase() {
    server_->stop();
    instance.clockwork.stop();
    services_.stop();
    visitors.stop();
    instance.stop();
  }
  ApiCase(const ApiCase&) = delete;
  ApiCase& operator=(const ApiCase&) = delete;

  [[nodiscard]] std::string socket() const { return (folder_.path() / "s").string(); }
  [[nodiscard]] RawClient client() const { return RawClient(socket()); }

  static std::string request(std::string_view method, std::string_view path, std::string_view body = {},
                             std::string_view headers = {}) {
    return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

  struct Answer {
    int status = 0;
    Json body;
    std::string text;
    [[nodiscard]] const Json& data() const { return body["data"]; }
    [[nodiscard]] std::string code() const { return body["error"]["code"]; }
    [[nodiscard]] std::string message() const { return body["error"]["message"]; }
  };
  Answer ask(std::string_view method, std::string_view path, std::string_view body = {},
             std::string_view headers = {}) {
    const RawAnswer raw = client().ask(request(method, path, body, headers));
    auto parsed = parse_json(raw.body);
    return {raw.status, parsed ? *std::move(parsed) : Json(), raw.body};
  }
  Answer get(std::string_view path) { return ask("GET", path); }
  Answer post(std::string_view path, const Json& body) { return ask("POST", path, dump_json(body)); }

  Answer apply(const std::string& source) {
    return post("/api/v1/workflows/apply", {{"documents", {{{"file", "f.yaml"}, {"source", source}}}}});
  }

 private:
  TemporaryFolder folder_;
  FlakyStore store_{store::make_memory_store()};

 public:
  Instance instance;
  std::atomic<bool> ready{true};
  daemon::WorkerPool visitors{1};  ///< who follows links

 private:
  daemon::WorkerPool services_{2};
  http::Api api_{{instance.readers, services_, instance.queue, instance.runtime, instance.notifier, instance.catalog,
                  instance.book, instance.ids, instance.clock,
                  [this](Instant due, std::function<void()> task) { instance.clockwork.at(due, std::move(task)); },
                  "https://hooks.example"}};
  http::ResultDesk results_{{instance.readers, instance.workers, instance.definitions, instance.book, instance.notifier,
                             instance.clock,
                             [this](Instant due, std::function<void()> task) { instance.clockwork.at(due, std::move(task)); },
                             [this](const TenantId& tenant, const ExecutionId& execution) {
                               instance.runtime.cancel(tenant, execution, {"the caller"}, [](const auto&) {});
                             }}};
  http::WebhookEndpoint webhooks_{{instance.triggers, instance.definitions, instance.book, instance.readers,
                                   instance.workers, instance.intake, instance.clock, results_, instance.deliveries, [](auto&&...) {},
                                   "https://hooks.example"}};
  http::WaitEndpoint waits_{
      {instance.links, instance.readers, visitors, instance.runtime, instance.book, instance.clock}};
  http::Router router_{believe};
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace ipaas::test
