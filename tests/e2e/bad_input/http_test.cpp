// Malformed, oversized and slow requests on the public port of a real daemon.
#include <thread>
#include <vector>

#include "tests/e2e/bad_input/daemon_fixture.h"

using namespace ipaas::test;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

/// Sends until all is sent or the daemon has had enough; the answer may come before.
RawAnswer pour(std::uint16_t port, const std::string& head, std::string_view piece, std::size_t times) {
  RawClient client(port);
  bool taken = client.send(head);
  for (std::size_t i = 0; taken && i < times && !client.readable(std::chrono::milliseconds(0)); ++i) {
    taken = client.send(piece);
  }
  return client.read_answer();
}

std::size_t answers_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("HTTP/1.1 "); at != std::string::npos; at = text.find("HTTP/1.1 ", at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("what two readers could understand differently is 400, once, and the connection ends") {
  const DaemonFixture fixture;
  const std::string smuggled = "0\r\n\r\nPOST /api/webhooks/default/open HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\n{}";
  const std::string start = "POST /api/webhooks/default/open HTTP/1.1\r\n";
  const std::vector<std::string> requests = {
      DaemonFixture::webhook("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + smuggled,
      DaemonFixture::webhook("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + smuggled,
      DaemonFixture::webhook("Content-Length: 2\r\nContent-Length: 3\r\n") + "{}",
      DaemonFixture::webhook("Content-Length: +5\r\n") + "12345",
      DaemonFixture::webhook("Content-Length: abc\r\n") + "{}",
      DaemonFixture::webhook("Content-Length: -1\r\n") + "{}",
      DaemonFixture::webhook("Content-Length: 99999999999999999999\r\n") + "{}",
      DaemonFixture::webhook("Transfer-Encoding: chunked\r\n") + "zz\r\n{}\r\n0\r\n\r\n",
      DaemonFixture::webhook("Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
      DaemonFixture::webhook("Transfer-Encoding: chunked\r\n") + "-2\r\n{}\r\n0\r\n\r\n",
      DaemonFixture::webhook("Transfer-Encoding: gzip, chunked\r\n") + smuggled,
      DaemonFixture::webhook("Transfer-Encoding: xchunked\r\n") + smuggled,
      DaemonFixture::webhook("Content-Length : 2\r\n") + "{}",
      DaemonFixture::webhook(std::string("X-Null: a\0b\r\n", 13)),
      start + "Content-Length: 2\r\n\r\n{}",
      start + "Host: a\r\nHost: b\r\nContent-Length: 2\r\n\r\n{}",
      "POST /api/webhooks/default/open HTTP/1.1\nHost: a\nContent-Length: 2\n\n{}",
  };
  for (const std::string& request : requests) {
    CAPTURE(request.substr(0, 160));
    RawClient client(fixture.port);
    client.send(request);
    const std::string said = client.read_all();
    CHECK(said.starts_with("HTTP/1.1 400 "));
    CHECK(answers_in(said) == 1);
    CHECK(said.find(R"("code":"invalid_request")") != std::string::npos);
  }
  CHECK(fixture.is_well());
}

TEST_CASE("what is too large is cut where it passes the limit, and leaves no memory behind") {
  const DaemonFixture fixture("  request_time: 5s\n");
  CHECK(fixture.is_well());
  const std::uint64_t before = fixture.daemon.resident_bytes();
  const std::string piece(64 * 1024, 'x');
  const std::string open = "POST /api/webhooks/default/open HTTP/1.1\r\nHost: a\r\n";

  CHECK(pour(fixture.port, open + "X-Long: ", piece, 1600).status == 431);
  CHECK(pour(fixture.port, open, repeat("X-Many: y\r\n", 1000), 1000).status == 431);
  CHECK(pour(fixture.port, "GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", "", 0).status == 414);
  const std::string chunk = "10000\r\n" + piece + "\r\n";
  CHECK(pour(fixture.port, open + "Transfer-Encoding: chunked\r\n\r\n", chunk, 3200).status == 413);
  CHECK(pour(fixture.port, open + "Content-Length: 209715200\r\n\r\n", piece, 3200).status == 413);
  CHECK(fixture.post("{}", "application/json\r\nContent-Encoding: gzip").status == 415);

  CHECK(fixture.is_well());
  CHECK(fixture.daemon.resident_bytes() <= before + kMayGrow);
}

TEST_CASE("a chunk that never ends is given up at the deadline") {
  const DaemonFixture fixture;
  RawClient client(fixture.port);
  client.send(DaemonFixture::webhook("Transfer-Encoding: chunked\r\n") + "10\r\nabc");
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 408);
  CHECK(client.sees_end());
}

TEST_CASE("200 connections that say nothing more, and 16 that say a byte at a time, keep nobody waiting") {
  const DaemonFixture fixture;
  std::vector<RawClient> silent, slow;
  for (int i = 0; i < 200; ++i) silent.emplace_back(fixture.port).send("POST /api/webhooks/default/open HTTP/1.1\r\nHo");
  for (int i = 0; i < 16; ++i) slow.emplace_back(fixture.port).send(DaemonFixture::webhook("Content-Length: 100000\r\n"));
  const auto began = std::chrono::steady_clock::now();
  std::size_t open = slow.size();
  // A byte each, after every request of somebody who behaves.
  while (open > 0 && std::chrono::steady_clock::now() - began < std::chrono::seconds(8)) {
    REQUIRE(fixture.is_well());
    open = 0;
    for (RawClient& client : slow) open += !client.readable(std::chrono::milliseconds(2)) && client.send("x") ? 1 : 0;
  }
  CHECK(open == 0);
  for (RawClient& client : silent) CHECK(client.read_answer().status == 408);
  CHECK(fixture.is_well());
}

TEST_CASE("large bodies that never end take no more than their share, and leave no memory behind") {
  const DaemonFixture fixture("  request_time: 60s\n  body_memory: 48MiB\n");
  CHECK(fixture.is_well());
  const std::uint64_t before = fixture.daemon.resident_bytes();
  const std::string most(900 * 1024, 'x');
  {
    std::vector<RawClient> crowd;
    for (int i = 0; i < 100; ++i) {
      crowd.emplace_back(fixture.port);
      static_cast<void>(crowd.back().send(DaemonFixture::webhook("Content-Length: 1000000\r\n")) && crowd.back().send(most));
      CHECK(fixture.is_well());
    }
    CHECK(fixture.daemon.resident_bytes() <= before + 48 * kMiB + kMayGrow);
    std::size_t refused = 0;
    for (RawClient& client : crowd) refused += client.readable(std::chrono::milliseconds(0)) ? 1 : 0;
    CHECK(refused >= 40);
  }
  // The daemon sees the connections end in its own time, and looks every few seconds what it may give back.
  int status = 503;
  for (int i = 0; i < 1000 && status == 503; ++i) status = fixture.post("\"" + most + "\"").status;
  CHECK(status == 202);
  const auto left = std::chrono::steady_clock::now();
  while (fixture.daemon.resident_bytes() > before + kMayGrow &&
         std::chrono::steady_clock::now() - left < std::chrono::seconds(15)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(fixture.daemon.resident_bytes() <= before + kMayGrow);
}
