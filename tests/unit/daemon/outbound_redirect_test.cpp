// Redirects: off unless asked for, and credentials never leave their origin.
#include "tests/support/catch.h"
#include "tests/support/fake_http_server.h"
#include "tests/unit/daemon/outbound_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using connectors::HttpCall;
using Connection = FakeHttpServer::Connection;

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Sends every request for `/` on to `location`, and answers the others.
FakeHttpServer::Script redirect_to(std::string location, std::string status = "302 Found") {
  return [location, status](Connection& connection) {
    while (const auto request = connection.read_request()) {
      const bool root = request->find(" / ") != std::string::npos || request->find(" /?") != std::string::npos;
      const bool sent =
          root ? connection.answer("moved", status, "Location: " + location + "\r\n") : connection.answer("there");
      if (!sent) return;
    }
  };
}

HttpCall with_credentials(std::string url) {
  HttpCall call = get(std::move(url));
  call.follow_redirects = true;
  call.headers = {{"Cookie", "c00kie"}, {"X-Plain", "plain"}};
  call.credential_headers = {{"X-Api-Key", Secret("s3cret-header")}};
  call.credential_query = {{"key", Secret("s3cret-query")}};
  return call;
}

}  // namespace

TEST_CASE("a redirect is an answer like others, unless it is to be followed") {
  FakeHttpServer server(redirect_to("/next"));
  OutboundClient client;
  CHECK(client.fetch(get(server.url())).value().status == 302);
  HttpCall call = get(server.url());
  call.follow_redirects = true;
  CHECK(client.fetch(call).value().body == "there");
}

TEST_CASE("within the origin credentials go along") {
  FakeHttpServer server(redirect_to("/next"));
  OutboundClient client;
  REQUIRE(client.fetch(with_credentials(server.url())));
  const std::string second = server.requests().at(1);
  CHECK(second.starts_with("GET /next?key=s3cret-query "));
  CHECK(holds(second, "X-Api-Key: s3cret-header"));
  CHECK(holds(second, "Cookie: c00kie"));
}

TEST_CASE("on another origin credentials stay behind, and do not come back") {
  FakeHttpServer origin([](Connection& connection) {
    while (connection.read_request()) {
      if (!connection.answer("home")) return;
    }
  });
  FakeHttpServer foreign([&](Connection& connection) {
    connection.read_request();
    connection.answer("", "307 Temporary Redirect", "Location: " + origin.url("/back") + "\r\n");
    connection.wait_until_closed();
  });
  FakeHttpServer first(redirect_to(foreign.url("/there")));
  OutboundClient client;
  // The way is first -> foreign -> origin; nothing after the first hop may know who we are.
  REQUIRE(client.fetch(with_credentials(first.url())).value().body == "home");
  for (const std::string& request : {foreign.requests().at(0), origin.requests().at(0)}) {
    CAPTURE(request);
    CHECK_FALSE(holds(request, "s3cret"));
    CHECK_FALSE(holds(request, "c00kie"));
    CHECK(holds(request, "X-Plain: plain"));
  }
}

TEST_CASE("another name for the same address is another origin") {
  FakeHttpServer server([](Connection& connection) {
    while (const auto request = connection.read_request()) {
      const auto host = request->find("Host: loopback.test:");
      const bool first = host != std::string::npos;
      const std::string port = first ? request->substr(host + 20, request->find("\r\n", host) - host - 20) : "";
      const bool sent =
          first ? connection.answer("", "302 Found", "Location: http://other-loopback.test:" + port + "/x\r\n")
                : connection.answer("there");
      if (!sent) return;
    }
  });
  OutboundClient client;
  REQUIRE(client.fetch(with_credentials(server.url("/", "loopback.test"))).value().body == "there");
  CHECK(holds(server.requests().at(0), "s3cret-header"));
  CHECK_FALSE(holds(server.requests().at(1), "s3cret"));
}

TEST_CASE("a redirected POST becomes a GET without its body, or stays as it is") {
  const auto [status, method] = GENERATE(table<std::string, std::string>({{"301 Moved Permanently", "GET"},
                                                                          {"302 Found", "GET"},
                                                                          {"303 See Other", "GET"},
                                                                          {"307 Temporary Redirect", "POST"},
                                                                          {"308 Permanent Redirect", "POST"}}));
  FakeHttpServer server(redirect_to("next", status));
  OutboundClient client;
  HttpCall call = post(server.url(), "payload");
  call.headers = {{"Content-Type", "text/plain"}};
  call.follow_redirects = true;
  REQUIRE(client.fetch(call).value().body == "there");
  const std::string second = server.requests().at(1);
  CHECK(second.starts_with(method + " /next HTTP/1.1\r\n"));
  CHECK(holds(second, "payload") == (method == "POST"));
  CHECK(holds(second, "Content-Type") == (method == "POST"));
}

TEST_CASE("a circle of redirects ends after ten, with the redirect as the answer") {
  FakeHttpServer server(redirect_to("/"));
  OutboundClient client;
  HttpCall call = get(server.url());
  call.follow_redirects = true;
  CHECK(client.fetch(call).value().status == 302);
  CHECK(server.requests().size() == 11);
}

TEST_CASE("a redirect to another scheme, or nowhere, is not followed") {
  const std::string location =
      GENERATE("ftp://127.0.0.1/", "file:///etc/passwd", "http://u:p@127.0.0.1/", "http://", "");
  FakeHttpServer server(redirect_to(location));
  OutboundClient client;
  HttpCall call = get(server.url());
  call.follow_redirects = true;
  CHECK(client.fetch(call).value().status == 302);
}

TEST_CASE("the timeout counts over all hops") {
  FakeHttpServer server([](Connection& connection) {
    connection.read_request();
    connection.answer("", "302 Found", "Location: /next\r\n");
    connection.read_request();
    connection.wait_until_closed();
  });
  OutboundClient client;
  HttpCall call = get(server.url());
  call.follow_redirects = true;
  call.timeout = std::chrono::milliseconds(150);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(client.fetch_failure(call).code == "timeout");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}
