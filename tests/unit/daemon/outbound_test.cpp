// Exchanges that go well, and what is sent and given back in them.
#include "daemon/runtime/outbound.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "tests/support/catch.h"
#include "tests/support/fake_http_server.h"
#include "tests/unit/daemon/outbound_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using connectors::HttpCall;
using connectors::SendState;
using Connection = FakeHttpServer::Connection;

namespace {

void answer_all(Connection& connection) {
  while (connection.read_request()) {
    if (!connection.answer("hello", "200 OK", "X-Seen: One\r\nX-Seen:  two \r\n")) return;
  }
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a call gives back status, lower-case headers in order, and the body") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  const auto reply = client.fetch(get(server.url("/path?q=1"))).value();
  CHECK(reply.status == 200);
  CHECK(reply.body == "hello");
  REQUIRE(reply.headers.size() == 3);
  CHECK(reply.headers[0] == std::pair<std::string, std::string>("x-seen", "One"));
  CHECK(reply.headers[1] == std::pair<std::string, std::string>("x-seen", "two"));
  CHECK(server.requests().at(0).starts_with("GET /path?q=1 HTTP/1.1\r\n"));
  CHECK(client.outbound().in_flight() == 0);
}

TEST_CASE("a body goes out as given, with no header but what was asked for") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  HttpCall call = post(server.url(), std::string("a\0b", 3) + std::string(5000, 'x'));
  REQUIRE(client.fetch(call));
  const std::string sent = server.requests().at(0);
  CHECK(holds(sent, "Content-Length: 5003\r\n"));
  CHECK(sent.ends_with(call.body));
  CHECK_FALSE(holds(sent, "Content-Type"));
  CHECK_FALSE(holds(sent, "Expect"));
}

TEST_CASE("methods are sent as named, with a body or without") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  const auto [method, body, length] =
      GENERATE(table<std::string, std::string, std::string>({{"GET", "x", "Content-Length: 1\r\n"},
                                                             {"DELETE", "", ""},
                                                             {"DELETE", "xy", "Content-Length: 2\r\n"},
                                                             {"PUT", "", "Content-Length: 0\r\n"},
                                                             {"PATCH", "x", "Content-Length: 1\r\n"},
                                                             {"PURGE", "", ""},
                                                             {"POST", "", "Content-Length: 0\r\n"}}));
  HttpCall call = post(server.url(), body);
  call.method = method;
  REQUIRE(client.fetch(call).value().body == "hello");
  const std::string sent = server.requests().at(0);
  CHECK(sent.starts_with(method + " / HTTP/1.1\r\n"));
  CHECK(holds(sent, "Content-Length") == !length.empty());
  CHECK(holds(sent, length));
}

TEST_CASE("HEAD takes the headers and waits for no body") {
  FakeHttpServer server([](Connection& connection) {
    while (connection.read_request()) connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
  });
  OutboundClient client;
  HttpCall call = get(server.url());
  call.method = "HEAD";
  const auto reply = client.fetch(call).value();
  CHECK(reply.headers.at(0).second == "99999999");
  CHECK(reply.body.empty());
}

TEST_CASE("headers, empty ones too, and credentials reach the server") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  HttpCall call = get(server.url("/a?x=1"));
  call.headers = {{"X-Empty", ""}, {"X-Blank", "  "}, {"X-Two", "b: c"}, {"User-Agent", "mine"}};
  call.credential_headers = {{"Authorization", Secret("Bearer t0k")}};
  call.credential_query = {{"api key", Secret("a&b=c d/ü")}};
  REQUIRE(client.fetch(call));
  const std::string sent = server.requests().at(0);
  CHECK(sent.starts_with("GET /a?x=1&api%20key=a%26b%3dc%20d%2f%c3%bc HTTP/1.1\r\n"));
  for (const char* line : {"\r\nX-Empty:\r\n", "\r\nX-Blank:\r\n", "\r\nX-Two: b: c\r\n", "\r\nUser-Agent: mine\r\n",
                           "\r\nAuthorization: Bearer t0k\r\n"}) {
    CHECK(holds(sent, line));
  }
}

TEST_CASE("a credential can be the whole URL") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  HttpCall call;
  call.credential_url = Secret(server.url("/services/T0/B0/s3cret"));
  REQUIRE(client.fetch(call).value().status == 200);
  CHECK(server.requests().at(0).starts_with("GET /services/T0/B0/s3cret "));
}

TEST_CASE("what is compressed is given back as it was") {
  // printf hello | gzip -n
  static constexpr unsigned char kHello[] = {0x1f, 0x8b, 8, 0, 0,    0,    0,    0,    0, 3, 0xcb, 0x48, 0xcd,
                                             0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0,    0};
  FakeHttpServer server([](Connection& connection) {
    connection.read_request();
    connection.answer({reinterpret_cast<const char*>(kHello), sizeof kHello}, "200 OK", "Content-Encoding: gzip\r\n");
  });
  OutboundClient client;
  CHECK(client.fetch(get(server.url())).value().body == "hello");
}

TEST_CASE("interim answers and trailers leave no trace in the reply") {
  FakeHttpServer server([](Connection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n");
    connection.wait_until_closed();
  });
  OutboundClient client;
  const auto reply = client.fetch(get(server.url())).value();
  CHECK(reply.body == "ok");
  CHECK(reply.headers == connectors::HeaderList{{"transfer-encoding", "chunked"}});
}

TEST_CASE("calls one after the other share a connection") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  for (int i = 0; i < 20; ++i) REQUIRE(client.fetch(post(server.url(), "x")));
  CHECK(server.connections() == 1);
}

TEST_CASE("a proxy in the environment is not used") {
  FakeHttpServer server(answer_all);
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  OutboundClient client;
  CHECK(client.fetch(get(server.url())));
  ::unsetenv("http_proxy");
}

TEST_CASE("thousands of calls wait at the same time, and the next one is not slower for it") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  // Each call takes two descriptors here, as the server is in the same process.
  const std::size_t count = std::min<std::size_t>(kManyCalls, limit.rlim_cur / 8);
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  FakeHttpServer slow([&](Connection& connection) {
    if (!connection.read_request()) return;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return open; });
    }
    connection.answer("late");
  });
  FakeHttpServer quick(answer_all);
  OutboundClient client;
  std::vector<OutboundClient::Pending> waiting;
  for (std::size_t i = 0; i < count; ++i) waiting.push_back(client.start(get(slow.url())));
  const bool all_there = slow.wait_for_requests(count);
  const auto in_flight = client.outbound().in_flight();
  const auto begin = std::chrono::steady_clock::now();
  const auto quick_reply = client.fetch(get(quick.url()));
  const auto took = std::chrono::steady_clock::now() - begin;
  {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
  CHECK(all_there);
  CHECK(in_flight == count);
  CHECK(quick_reply);
  CHECK(took < std::chrono::seconds(1));
  for (auto& call : waiting) CHECK(call.get().value().body == "late");
}

TEST_CASE("calls can be started from many threads and from a completion") {
  FakeHttpServer server(answer_all);
  OutboundClient client;
  std::atomic<int> done = 0;
  std::promise<void> all;
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  const auto count_one = [&](daemon::HttpOutcome outcome) {
    if (outcome && ++done == 2 * kThreads * kEach) all.set_value();
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          client.outbound().start(get(server.url()), [&](daemon::HttpOutcome outcome) {
            client.outbound().start(get(server.url()), count_one);
            count_one(std::move(outcome));
          });
        }
      });
    }
  }
  REQUIRE(all.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
}
