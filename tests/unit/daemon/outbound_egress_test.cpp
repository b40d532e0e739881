// The address that is really connected to decides, whatever the URL says.
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
    if (!connection.answer("inside")) return;
  }
}

}  // namespace

TEST_CASE("private addresses are refused before connect, in every disguise") {
  FakeHttpServer server(answer_all);
  OutboundClient client(std::vector<std::string>{});
  const std::string host =
      GENERATE("127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "LOCALHOST", "0.0.0.0",
               "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "loopback.test",
               "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fe80::1]", "[fc00::1]");
  CAPTURE(host);
  const auto failure = client.fetch_failure(post(server.url("/", host), "x"));
  CHECK(failure.code == "egress_blocked");
  CHECK(failure.sent == SendState::kNotSent);
  CHECK(failure.message.find("egress.allow") != std::string::npos);
  CHECK(server.connections() == 0);
}

TEST_CASE("the refusal names the host and the address it resolved to") {
  FakeHttpServer server(answer_all);
  OutboundClient client(std::vector<std::string>{});
  const auto failure = client.fetch_failure(get(server.url("/", "loopback.test")));
  CHECK(
      failure.message ==
      "connecting to loopback.test (127.0.0.1) is not allowed; add it to egress.allow in the configuration to open it");
}

TEST_CASE("a rule opens an address or a name, and nothing else") {
  FakeHttpServer server(answer_all);
  SECTION("by address") {
    OutboundClient client({"127.0.0.0/8"});
    CHECK(client.fetch(get(server.url())).value().body == "inside");
    CHECK(client.fetch(get(server.url("/", "loopback.test"))));
  }
  SECTION("by name, also while a connection to the same address is open") {
    OutboundClient client({"loopback.test"});
    CHECK(client.fetch(get(server.url("/", "LoopBack.test"))));
    CHECK(client.fetch_failure(get(server.url("/", "other-loopback.test"))).code == "egress_blocked");
    CHECK(client.fetch_failure(get(server.url())).code == "egress_blocked");
  }
}

TEST_CASE("a redirect into a private range is refused at its hop") {
  FakeHttpServer server([](Connection& connection) {
    while (connection.read_request()) {
      connection.answer("", "302 Found", "Location: http://169.254.169.254/latest/meta-data/\r\n");
    }
  });
  OutboundClient client;
  HttpCall call = get(server.url());
  call.follow_redirects = true;
  const auto failure = client.fetch_failure(call);
  CHECK(failure.code == "egress_blocked");
  CHECK(failure.sent == SendState::kUnknown);  // the first receiver was asked
}

TEST_CASE("only http and https without user info are spoken") {
  OutboundClient client;
  const std::string url = GENERATE("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "unix:///run/x",
                                   "//127.0.0.1/", "127.0.0.1/", "", "http://", "http:///x", "http:127.0.0.1",
                                   "http://u:p@127.0.0.1/", "http://u@127.0.0.1/", "http://@127.0.0.1/",
                                   "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://127.0.0.1\\@x/");
  CAPTURE(url);
  const auto failure = client.fetch_failure(get(url));
  CHECK(failure.code == "input_invalid");
  CHECK(failure.sent == SendState::kNotSent);
}
