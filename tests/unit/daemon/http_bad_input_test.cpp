// The HTTP part of the bad-input table: one answer, then the end, and a server that goes on.
#include <chrono>

#include "core/base/json.h"
#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::string_literals;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// Sends it, and expects exactly one enveloped answer and the end of the connection.
void check_refused(const ServerFixture& server, std::string_view request, int status) {
  RawClient client = server.client();
  client.send(request);
  const std::string all = client.read_all();
  INFO(request.substr(0, 200));
  INFO(all.substr(0, 600));
  CHECK(all.starts_with("HTTP/1.1 " + std::to_string(status)));
  CHECK(count(all, "HTTP/1.1 ") == 1);
  CHECK(count(all, "Connection: close\r\n") == 1);
  const std::size_t body = all.find("\r\n\r\n");
  REQUIRE(body != std::string::npos);
  const Result<Json> envelope = parse_json(std::string_view(all).substr(body + 4));
  REQUIRE(envelope);
  CHECK((*envelope)["success"] == false);
  CHECK_FALSE((*envelope)["meta"]["request_id"].get<std::string>().empty());
}

const std::string kStart = "POST /echo HTTP/1.1\r\nHost: x\r\n";
/// What an attacker hides behind a request whose end is in dispute.
const std::string kHidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_CASE("a request whose end could be read in two ways is refused") {
  ServerFixture server;
  const std::vector<std::string> heads{
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
      "Content-Length: 5\r\nContent-Length: 5\r\n",
      "Content-Length: 5\r\nContent-Length: 6\r\n",
      "Content-Length: 5, 5\r\n",
      "Content-Length: +5\r\n",
      "Content-Length: -5\r\n",
      "Content-Length: abc\r\n",
      "Content-Length: 0x5\r\n",
      "Content-Length: \r\n",
      "Content-Length: 5 5\r\n",
      "Content-Length: 99999999999999999999999\r\n",
      "Transfer-Encoding: gzip\r\n",
      "Transfer-Encoding: gzip, chunked\r\n",
      "Transfer-Encoding: chunked, gzip\r\n",
      "Transfer-Encoding: identity\r\n",
      "Transfer-Encoding: chunked, chunked\r\n",
      "Transfer-Encoding: xchunked\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: \"chunked\"\r\n",
      "Transfer-Encoding:\r\n",
      "Transfer-Encoding: \x0b"
      "chunked\r\n",
  };
  for (const std::string& head : heads) check_refused(server, kStart + head + "\r\n" + kHidden, 400);
  CHECK(server.is_healthy());
}

TEST_CASE("a malformed head is refused, whole or a byte at a time") {
  ServerFixture server;
  const std::vector<std::string> requests{
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nName : y\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "GET / HTTP/1.1\r\nHost: x\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA:\r\n b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"s,
      "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"s,
      "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /?a=%4 HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET healthz HTTP/1.1\r\nHost: x\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET ftp://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.12\r\nHost: x\r\n\r\n",
      "GET / http/1.1\r\nHost: x\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "G{T / HTTP/1.1\r\nHost: x\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  };
  for (const std::string& request : requests) {
    check_refused(server, request, 400);
    RawClient slow = server.client();
    for (const char byte : request) {
      if (!slow.send({&byte, 1})) break;
    }
    CHECK(slow.read_answer().status == 400);
  }
  CHECK(server.is_healthy());
}

TEST_CASE("malformed chunks are refused") {
  ServerFixture server;
  const std::string head = kStart + "Transfer-Encoding: chunked\r\n\r\n";
  for (const char* chunks :
       {"x\r\n", "-1\r\n", "+1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n", "1\r\nabc\r\n0\r\n\r\n", "1\na\n0\n\n",
        " 1\r\na\r\n", "1;\x01\r\na\r\n", "ffffffffffffffffff\r\n", "\r\n\r\n"}) {
    check_refused(server, head + chunks, 400);
  }
  check_refused(server, head + "1;" + std::string(20'000, 'a'), 400);
  CHECK(server.is_healthy());
}

TEST_CASE("a compressed body is 415") {
  ServerFixture server;
  check_refused(server, kStart + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415);
  check_refused(server, kStart + "Content-Encoding: identity, gzip\r\nContent-Length: 1\r\n\r\nx", 415);
  CHECK(server.ask(kStart + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\nx").status == 200);
}

TEST_CASE("an absolute target counts by its path") {
  ServerFixture server;
  CHECK(server.ask("GET http://other/healthz?x=1 HTTP/1.1\r\nHost: x\r\n\r\n").status == 200);
  CHECK(server.ask("GET HTTPS://other HTTP/1.1\r\nHost: x\r\n\r\n").status == 404);
}

TEST_CASE("header bytes, header fields and targets have limits") {
  ServerFixture server;
  const auto fields = [](int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += "A" + std::to_string(i) + ": b\r\n";
    return all;
  };
  CHECK(server.ask(get("/healthz", fields(99))).status == 200);
  check_refused(server, get("/healthz", fields(100)), 431);
  CHECK(server.ask(get("/healthz", "A: " + std::string(64 * 1024 - 100, 'a') + "\r\n")).status == 200);
  check_refused(server, get("/healthz", "A: " + std::string(64 * 1024, 'a') + "\r\n"), 431);
  CHECK(server.ask(get("/" + std::string(8 * 1024 - 1, 'a'))).status == 404);
  check_refused(server, get("/" + std::string(8 * 1024, 'a')), 414);
  check_refused(server, "GET /" + std::string(100'000, 'a'), 414);
}

TEST_CASE("a header of 100 MB or of a million fields is cut off early") {
  ServerFixture server;
  const std::string block(1 << 20, 'a');
  RawClient line = server.client();
  line.send("GET /healthz HTTP/1.1\r\nHost: x\r\nA: ");
  for (int i = 0; i < 100 && line.send(block); ++i) {
  }
  CHECK(line.read_answer().status == 431);
  RawClient many = server.client();
  many.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 1'000'000 && many.send("A: b\r\n"); ++i) {
  }
  CHECK(many.read_answer().status == 431);
  CHECK(server.is_healthy());
}

TEST_CASE("a body is limited, chunked or not, by the route's own limit where it has one") {
  ServerFixture server;
  const std::string megabyte(1 << 20, 'b');
  CHECK(server.ask(post("/echo", megabyte)).body == megabyte);
  check_refused(server, post("/echo", megabyte + "b"), 413);
  check_refused(server, kStart + "Content-Length: 18446744073709551615\r\n\r\n", 413);
  CHECK(server.ask(post("/small", "12345678")).body == "12345678");
  check_refused(server, post("/small", "123456789"), 413);
  const std::string chunked = "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(server.ask(chunked + "4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n").body == "12345678");
  check_refused(server, chunked + "4\r\n1234\r\n5\r\n56789\r\n0\r\n\r\n", 413);
  check_refused(server, chunked + "ffffffffffffffff\r\n", 413);
}

TEST_CASE("200 MB in chunks under a limit of 1 MiB are 413, and the client gets to read it") {
  ServerFixture server;
  RawClient client = server.client();
  client.send(kStart + "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'c') + "\r\n";
  for (int i = 0; i < 200 * 16 && client.send(chunk); ++i) {
  }
  CHECK(client.read_answer().status == 413);
  CHECK(server.is_healthy());
}
