// A real server on a port of its own, with routes that do one thing each.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/http/envelope.h"
#include "daemon/http/http_server.h"
#include "tests/support/catch.h"
#include "tests/support/fake_randomness.h"
#include "tests/support/raw_client.h"

namespace ipaas::test {

namespace http = daemon::http;
using security::Permission;

inline std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

/// Responders that wait for the test to use them. Thread-safe.
class Held {
 public:
  void put(http::Responder responder) {
    const std::lock_guard lock(mutex_);
    responders_.push_back(std::move(responder));
    arrived_.notify_all();
  }
  /// Waits until so many are there, and gives them up.
  std::vector<http::Responder> take(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, RawClient::kPatience, [&] { return responders_.size() >= count; }))
      throw std::runtime_error("no request came");
    return std::exchange(responders_, {});
  }

 private:
  std::mutex mutex_;  ///< guards responders_
  std::condition_variable arrived_;
  std::vector<http::Responder> responders_;
};

class ServerFixture {
 public:
  /// Listens on a Unix socket too, where one is named.
  explicit ServerFixture(http::Limits limits = {}, http::Authenticator authenticator = {},
                         const std::string& socket = {})
      : router_(std::move(authenticator)) {
    add_routes();
    server_ =
        std::make_unique<http::HttpServer>(std::move(limits), router_, randomness_, [this](std::string_view text) {
          const std::lock_guard lock(mutex_);
          warnings_.emplace_back(text);
        });
    const Result<std::uint16_t> port = server_->listen_tcp("127.0.0.1", 0);
    REQUIRE(port);
    port_ = *port;
    if (!socket.empty()) REQUIRE(server_->listen_unix(socket));
    server_->start();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawClient client() const { return RawClient(port_); }
  [[nodiscard]] RawAnswer ask(std::string_view request) const { return client().ask(request); }
  [[nodiscard]] bool is_healthy() const { return ask(get("/healthz")).status == 200; }
  http::HttpServer& server() { return *server_; }
  Held& held() { return held_; }
  std::vector<std::string> warnings() {
    const std::lock_guard lock(mutex_);
    return warnings_;
  }

 private:
  void add(http::Method method, std::string path, Permission permission, http::Handler handler) {
    router_.add({method, std::move(path), permission, std::move(handler)});
  }

  void add_routes() {
    using http::Method;
    using http::Request;
    using http::Responder;
    add(Method::kGet, "/healthz", Permission::kPublic,
        [](const Request&, Responder to) { to.respond(http::ok_text(R"({"alive":true})")); });
    const auto echo = [](const Request& request, Responder to) {
      to.respond(http::raw(200, "text/plain", std::string(request.body)));
    };
    add(Method::kPost, "/echo", Permission::kPublic, echo);
    router_.add({Method::kPost, "/small", Permission::kPublic, echo, http::Doors::kBoth,
                 [](const Request&) { return http::Passage{8}; }});
    add(Method::kGet, "/address", Permission::kPublic,
        [](const Request& request, Responder to) { to.respond(http::raw(200, "text/plain", request.client_address)); });
    add(Method::kGet, "/throw", Permission::kPublic,
        [](const Request&, Responder) { throw std::runtime_error("do not tell"); });
    add(Method::kGet, "/drop", Permission::kPublic, [](const Request&, Responder) {});
    for (const Method method : {Method::kGet, Method::kPost})
      add(method, "/hold", Permission::kPublic, [this](const Request&, Responder to) { held_.put(std::move(to)); });
    add(Method::kGet, "/big", Permission::kPublic,
        [](const Request&, Responder to) { to.respond(http::raw(200, "text/plain", std::string(32U << 20U, 'x'))); });
    add(Method::kGet, "/api/v1/things/{id}", Permission::kWorkflowRead, [](const Request& request, Responder to) {
      to.respond(http::raw(200, "text/plain", std::string(request.param("id")) + " for " + request.caller->name));
    });
  }

  FakeRandomness randomness_;
  http::Router router_;
  Held held_;
  std::mutex mutex_;  ///< guards warnings_
  std::vector<std::string> warnings_;
  std::unique_ptr<http::HttpServer> server_;  // last: it ends first
  std::uint16_t port_ = 0;
};

}  // namespace ipaas::test
