// A cancel, or the end of the daemon, ends a call within 100 ms in every phase.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/fake_http_server.h"
#include "tests/unit/daemon/fake_resolver.h"
#include "tests/unit/daemon/outbound_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using connectors::HttpCall;
using connectors::SendState;
using Connection = FakeHttpServer::Connection;

namespace {

/// A port where a connection attempt hears nothing: its queue is full and nobody accepts.
class BlackHole {
 public:
  BlackHole() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener_, generic, size) == 0);
    REQUIRE(::listen(listener_, 0) == 0);
    REQUIRE(::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    for (int& filler : fillers_) {
      filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      ::connect(filler, generic, size);
    }
  }
  ~BlackHole() {
    for (const int filler : fillers_) ::close(filler);
    ::close(listener_);
  }
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  int listener_;
  int port_ = 0;
  std::array<int, 8> fillers_{};
};

void cancels_promptly(OutboundClient& client, OutboundClient::Pending& call, SendState sent) {
  client.outbound().cancel(call.id);
  REQUIRE(call.ends_within(kPromptly));
  const auto outcome = call.get();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == "cancelled");
  CHECK(outcome.error().sent == sent);
  CHECK(client.outbound().in_flight() == 0);
}

void never_answer(Connection& connection) {
  connection.read_request();
  connection.wait_until_closed();
}

/// Returns when the loop has taken in all that was started before: it takes everything in order.
void let_the_loop_take_it_in(OutboundClient& client) {
  FakeHttpServer server([](Connection& connection) {
    connection.read_request();
    connection.answer("ok");
  });
  REQUIRE(client.fetch(get(server.url())));
}

}  // namespace

TEST_CASE("a call is cancelled at once while it is queued") {
  BlackHole hole;
  OutboundClient client;
  auto call = client.start(get(hole.url()));
  cancels_promptly(client, call, SendState::kNotSent);
}

TEST_CASE("a call is cancelled at once while its name is resolved, and the resolver holds up nobody") {
  OutboundClient client;
  HangingName name;
  auto call = client.start(get("http://hangs.test/"));
  REQUIRE(name.wait_until_asked());
  cancels_promptly(client, call, SendState::kNotSent);
  let_the_loop_take_it_in(client);
}

TEST_CASE("a call is cancelled at once while it connects") {
  BlackHole hole;
  OutboundClient client;
  auto call = client.start(get(hole.url()));
  let_the_loop_take_it_in(client);
  cancels_promptly(client, call, SendState::kNotSent);
}

TEST_CASE("a call is cancelled at once while TLS shakes hands") {
  FakeHttpServer server([](Connection& connection) { connection.wait_until_closed(); });
  OutboundClient client;
  auto call = client.start(get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  REQUIRE(server.wait_for_connections(1));
  let_the_loop_take_it_in(client);
  cancels_promptly(client, call, SendState::kNotSent);
}

TEST_CASE("a call is cancelled at once while it waits for the answer") {
  FakeHttpServer server(never_answer);
  OutboundClient client;
  auto call = client.start(post(server.url(), "x"));
  REQUIRE(server.wait_for_requests(1));
  cancels_promptly(client, call, SendState::kUnknown);
}

TEST_CASE("a call is cancelled at once while the body drips in") {
  std::promise<void> dripping;
  FakeHttpServer server([&](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx");
    dripping.set_value();
    connection.wait_until_closed();
  });
  OutboundClient client;
  auto call = client.start(get(server.url()));
  dripping.get_future().wait();
  cancels_promptly(client, call, SendState::kUnknown);
}

TEST_CASE("cancelling what is unknown or over does nothing") {
  FakeHttpServer server([](Connection& connection) {
    connection.read_request();
    connection.answer("ok");
  });
  OutboundClient client;
  auto call = client.start(get(server.url()));
  CHECK(call.get());
  client.outbound().cancel(call.id);
  client.outbound().cancel(0);
  client.outbound().cancel(123456);
  CHECK(client.fetch(get(server.url())));
}

TEST_CASE("of more calls than one loop takes each can be cancelled, and no other") {
  constexpr std::size_t kCalls = 1100;
  BlackHole hole;
  OutboundClient client;
  std::vector<OutboundClient::Pending> calls;
  std::set<daemon::Outbound::CallId> ids;
  for (std::size_t i = 0; i < kCalls; ++i) {
    calls.push_back(client.start(get(hole.url())));
    ids.insert(calls.back().id);
  }
  CHECK(ids.size() == kCalls);
  CHECK(client.outbound().in_flight() == kCalls);
  for (std::size_t left = kCalls; left-- > 0;) {
    client.outbound().cancel(calls[left].id);
    REQUIRE(calls[left].get().error().code == "cancelled");
    REQUIRE(client.outbound().in_flight() == left);
  }
}

TEST_CASE("destruction completes everything that is left as cancelled, at once") {
  BlackHole hole;
  HangingName name;
  FakeHttpServer silent(never_answer);
  OutboundClient client;
  std::vector<OutboundClient::Pending> calls;
  for (int i = 0; i < 50; ++i) {
    calls.push_back(client.start(get(hole.url())));
    calls.push_back(client.start(get(silent.url())));
  }
  calls.push_back(client.start(get("http://hangs.test/")));
  REQUIRE(name.wait_until_asked());
  calls.push_back(client.start(get(silent.url())));
  const auto begin = std::chrono::steady_clock::now();
  client.destroy();
  CHECK(std::chrono::steady_clock::now() - begin < kPromptly);
  for (auto& call : calls) {
    REQUIRE(call.ends_within(std::chrono::milliseconds(0)));
    CHECK(call.get().error().code == "cancelled");
  }
}

TEST_CASE("a call whose connection is not made in time was not sent") {
  BlackHole hole;
  OutboundClient client;
  HttpCall call = post(hole.url(), "x");
  call.timeout = std::chrono::milliseconds(50);
  const auto failure = client.fetch_failure(call);
  CHECK(failure.code == "timeout");
  CHECK(failure.sent == SendState::kNotSent);
}
