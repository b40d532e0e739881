// Server-sent events.
#include <future>

#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;
using std::chrono::milliseconds;

namespace {

http::EventStream open_stream(ServerFixture& server, RawClient& client) {
  client.send(get("/hold"));
  std::vector<http::Responder> responders = server.held().take(1);
  return responders.front().stream({{"X-Accel-Buffering", "no"}});
}

/// Keeps what a callback sets alive for as long as either side needs it.
std::future<void> closing_of(http::EventStream& stream) {
  auto closed = std::make_shared<std::promise<void>>();
  stream.on_close([closed] { closed->set_value(); });
  return closed->get_future();
}

}  // namespace

TEST_CASE("events arrive in order, with a line of data for every line") {
  ServerFixture server;
  RawClient client = server.client();
  http::EventStream stream = open_stream(server, client);
  CHECK(stream.send("7", "log", "one\ntwo\r\nthree"));
  CHECK(stream.send("", "", "{}"));
  const std::string head = client.read_until("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(head.find("X-Accel-Buffering: no\r\n") != std::string::npos);
  CHECK(head.find("X-Request-Id: req_") != std::string::npos);
  CHECK(client.read_until("\n\n") == "id: 7\nevent: log\ndata: one\ndata: two\ndata: three\n\n");
  CHECK(client.read_until("\n\n") == "data: {}\n\n");
  stream.send("8", "", "last");
  stream.close();
  CHECK_FALSE(stream.send("9", "", "too late"));
  CHECK(client.read_all() == "id: 8\ndata: last\n\n");
}

TEST_CASE("a reader that hangs up closes the stream") {
  ServerFixture server;
  std::optional<RawClient> client(server.client());
  http::EventStream stream = open_stream(server, *client);
  std::future<void> closed = closing_of(stream);
  client->read_until("\r\n\r\n");
  client.reset();
  CHECK(closed.wait_for(RawClient::kPatience) == std::future_status::ready);
  CHECK(stream.closed());
}

TEST_CASE("a reader that does not keep up is let go") {
  http::Limits limits;
  limits.stream_bytes = 64 * 1024;
  ServerFixture server(limits);
  RawClient client = server.client();
  http::EventStream stream = open_stream(server, client);
  std::future<void> closed = closing_of(stream);
  const std::string event(16 * 1024, 'e');
  int sent = 0;
  while (sent < 100'000 && stream.send("", "", event)) ++sent;
  CHECK(sent < 100'000);
  CHECK(closed.wait_for(RawClient::kPatience) == std::future_status::ready);
  server.server().stop_accepting();
  CHECK(server.server().drain(std::chrono::seconds(10)));
}

TEST_CASE("a stream that has nothing to say shows that it lives") {
  http::Limits limits;
  limits.ping_time = milliseconds(50);
  ServerFixture server(limits);
  RawClient client = server.client();
  http::EventStream stream = open_stream(server, client);
  client.read_until("\r\n\r\n");
  CHECK(client.read_until("\n\n") == ":\n\n");
  CHECK(client.read_until("\n\n") == ":\n\n");
  CHECK_FALSE(stream.closed());
}

TEST_CASE("draining and the end of the server close streams") {
  std::optional<ServerFixture> server(std::in_place);
  RawClient first = server->client();
  http::EventStream drained = open_stream(*server, first);
  server->server().stop_accepting();
  CHECK(drained.closed());
  first.read_all();

  server.emplace();
  RawClient second = server->client();
  http::EventStream ended = open_stream(*server, second);
  server.reset();
  CHECK(ended.closed());
  CHECK_FALSE(ended.send("", "", "x"));
}
