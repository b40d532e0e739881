// Time, numbers of connections and file descriptors.
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "daemon/http/connection_table.h"
#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;
using std::chrono::milliseconds;

namespace {

std::size_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::chrono::microseconds processor_time() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return std::chrono::seconds(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         std::chrono::microseconds(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/// Lowers the limit of open files while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t soft) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit lowered{soft, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &lowered);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("slow requests are closed at the request's deadline and hold up nobody") {
  http::Limits limits;
  limits.request_time = milliseconds(400);
  ServerFixture server(limits);
  std::vector<RawClient> slow;
  for (int i = 0; i < 216; ++i) {
    slow.push_back(server.client());
    slow.back().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbe");
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(server.is_healthy());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  for (RawClient& client : slow) {
    CHECK(client.read_answer().status == 408);
    CHECK(client.sees_end());
  }
  CHECK(server.is_healthy());
}

TEST_CASE("bytes that keep coming do not move the deadline: in a head, a body or a chunk") {
  http::Limits limits;
  limits.request_time = milliseconds(200);
  ServerFixture server(limits);
  for (const char* start :
       {"GET /healthz HTTP/1.1\r\nHost: x\r\nA: ", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"}) {
    RawClient client = server.client();
    client.send(start);
    // The client's own reading paces it: it sends a byte whenever nothing has come for a moment.
    const auto end = std::chrono::steady_clock::now() + RawClient::kPatience;
    while (std::chrono::steady_clock::now() < end && !client.readable(milliseconds(10))) client.send("a");
    CHECK(client.read_answer().status == 408);
  }
}

TEST_CASE("a connection that says nothing is closed without a word") {
  http::Limits limits;
  limits.idle_time = milliseconds(100);
  ServerFixture server(limits);
  RawClient silent = server.client();
  CHECK(silent.sees_end());
  RawClient once = server.client();
  CHECK(once.ask(get("/healthz")).status == 200);
  CHECK(once.sees_end());
}

TEST_CASE("an answer that nobody reads ends the connection") {
  http::Limits limits;
  limits.write_time = milliseconds(200);
  ServerFixture server(limits);
  RawClient client = server.client();
  client.send(get("/big"));
  // The table empties although the client has neither read nor hung up.
  server.server().stop_accepting();
  CHECK(server.server().drain(std::chrono::seconds(10)));
  CHECK(client.read_all().size() < (32U << 20U));
}

TEST_CASE("a long answer is delivered to who reads it") {
  ServerFixture server;
  CHECK(server.ask(get("/big")).body.size() == (32U << 20U));
}

TEST_CASE("connections are limited in all and for one address, except for trusted proxies") {
  http::Limits limits;
  limits.connections = 6;
  limits.connections_per_address = 4;
  ServerFixture server(limits);
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(server.client());
    CHECK(clients.back().ask(get("/healthz")).status == 200);
  }
  RawClient refused = server.client();
  CHECK(refused.read_answer().status == 503);
  CHECK(refused.sees_end());
  clients.pop_back();
  // Its place is free once the server has seen it go.
  int status = 503;
  for (int i = 0; i < 1000 && status != 200; ++i) status = server.ask(get("/healthz", "Connection: close\r\n")).status;
  CHECK(status == 200);

  limits.trusted_proxies = {"127.0.0.1"};
  ServerFixture proxied(limits);
  std::vector<RawClient> hops;
  for (int i = 0; i < 6; ++i) {
    hops.push_back(proxied.client());
    CHECK(hops.back().ask(get("/healthz")).status == 200);
  }
  CHECK(proxied.client().read_answer().status == 503);
}

TEST_CASE("an IPv6 client is counted by its /64, an IPv4 client by its address, mapped or not") {
  using http::client_network;
  CHECK(client_network("2001:db8:1:2::1") == "2001:db8:1:2::/64");
  CHECK(client_network("2001:db8:1:2:ffff:ffff:ffff:ffff") == client_network("2001:db8:1:2::1"));
  CHECK(client_network("2001:db8:1:3::1") != client_network("2001:db8:1:2::1"));
  CHECK(client_network("::1") == "::/64");
  CHECK(client_network("192.0.2.7") == "192.0.2.7");
  CHECK(client_network("192.0.2.8") != client_network("192.0.2.7"));
  CHECK(client_network("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(client_network("unix") == "unix");
}

TEST_CASE("without file descriptors accepting rests, says so once and recovers") {
  ServerFixture server;
  CHECK(server.is_healthy());
  // Checked afterwards: neither Catch nor a sanitizer can be sure to work without file descriptors.
  std::optional<FileLimit> limit(open_files() + 100);
  std::vector<RawClient> clients;
  for (int i = 0; i < 100; ++i) {
    RawClient client = server.client();
    if (!client.connected()) break;
    clients.push_back(std::move(client));
  }
  const std::size_t connected = clients.size();
  const std::chrono::microseconds before = processor_time();
  const bool served = clients.back().readable(milliseconds(500));
  const std::chrono::microseconds spent = processor_time() - before;
  clients.clear();
  const bool recovered = server.is_healthy();
  limit.reset();

  CHECK(connected > 40);
  CHECK_FALSE(served);
  CHECK(spent < milliseconds(200));
  // A client that fails to connect gives its own descriptor back, which can end a first shortage.
  CHECK(server.warnings().size() >= 1);
  CHECK(server.warnings().size() <= 2);
  CHECK(recovered);
}
