// What is refused before anything is sent, and how a redirect changes a request.
#include "daemon/runtime/outbound_request.h"

#include "tests/support/catch.h"
#include "tests/unit/daemon/outbound_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using connectors::HttpCall;
using daemon::OutboundRequest;

namespace {

std::string refusal(HttpCall call) {
  const auto request = OutboundRequest::from(std::move(call));
  return request ? "" : request.error();
}

HttpCall with_header(std::string name, std::string value) {
  HttpCall call = get("https://api.example.com/");
  call.headers = {{std::move(name), std::move(value)}};
  return call;
}

OutboundRequest followable(std::string url) {
  HttpCall call = get(std::move(url));
  call.follow_redirects = true;
  return OutboundRequest::from(std::move(call)).value();
}

}  // namespace

TEST_CASE("a control character in a header value is refused, and the value is not told") {
  const std::string value = GENERATE(as<std::string>(), "s3cret\r\nX-Evil: 1", "s3cret\n", "s3cret\r",
                                     std::string("s3cret\0", 7), "s3cret\x1b", "s3cret\x7f");
  const std::string plain = refusal(with_header("X-A", value));
  CHECK(plain == "the value of the header X-A holds a control character");
  HttpCall call = get("https://api.example.com/");
  call.credential_headers = {{"Authorization", Secret(value)}};
  CHECK(refusal(call).find("s3cret") == std::string::npos);
  CHECK_FALSE(refusal(call).empty());
}

TEST_CASE("a header name must be a token") {
  const std::string name =
      GENERATE(as<std::string>(), "", "X A", "X:A", "X-A\r\nX-B", std::string("X\0A", 3), "X-\xc3\xbc", "X(A)", "X;");
  CHECK(refusal(with_header(name, "1")) == "a header name holds a character that is not allowed in one");
}

TEST_CASE("headers that frame the message are refused in any case") {
  const std::string name = GENERATE("Host", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING", "Connection",
                                    "Expect", "Upgrade", "TE", "Trailer", "Keep-Alive", "Proxy-Connection");
  CHECK(refusal(with_header(name, "1")) == "the header " + name + " is set by ipaas itself");
}

TEST_CASE("values with tabs and bytes beyond ASCII are fine") {
  CHECK(refusal(with_header("X-A", "a\tb \xc3\xbc")).empty());
}

TEST_CASE("a method is a token, and not CONNECT") {
  const std::string method = GENERATE(as<std::string>(), "", "GET ", "GE\r\nT", std::string("GET\0", 4), "G/T",
                                      "CONNECT", std::string(33, 'A'));
  HttpCall call = get("https://api.example.com/");
  call.method = method;
  CHECK_FALSE(refusal(call).empty());
}

TEST_CASE("a URL with CR, LF, NUL or another control character is refused") {
  const std::string url = GENERATE(as<std::string>(), "http://h/\r\nX: 1", "http://h/a\nb",
                                   std::string("http://h/\0x", 11), "http://h\r/", "http://h/?a=\x01", "\thttp://h/");
  CHECK(refusal(get(url)) == "the URL holds a control character");
}

TEST_CASE("what is too long is refused") {
  CHECK_FALSE(refusal(get("http://h/" + std::string(70'000, 'x'))).empty());
  CHECK_FALSE(refusal(with_header("X-A", std::string(300'000, 'x'))).empty());
  HttpCall call = get("http://h/");
  call.credential_query = {{"k", Secret(std::string(70'000, 'x'))}};
  CHECK_FALSE(refusal(call).empty());
}

TEST_CASE("two URLs, or none, are refused") {
  HttpCall call = get("http://h/");
  call.credential_url = Secret("http://g/");
  CHECK_FALSE(refusal(call).empty());
  CHECK_FALSE(refusal(HttpCall{}).empty());
}

TEST_CASE("spaces and letters beyond ASCII in path and query are encoded") {
  CHECK(OutboundRequest::from(get("http://h/a b/\xc3\xbc?q=c d")).value().wire_url() == "http://h/a%20b/%c3%bc?q=c+d");
}

TEST_CASE("the host is named as the egress rules name it") {
  const auto [url, host] =
      GENERATE(table<std::string, std::string>({{"http://API.Example.com/", "api.example.com"},
                                                {"http://2130706433/", "127.0.0.1"},
                                                {"http://0x7f000001/", "127.0.0.1"},
                                                {"http://127.1/", "127.0.0.1"},
                                                {"http://[::FFFF:127.0.0.1]:80/", "::ffff:127.0.0.1"}}));
  CHECK(OutboundRequest::from(get(url)).value().host() == host);
}

TEST_CASE("https is never left for http") {
  auto request = followable("https://api.example.com/");
  CHECK_FALSE(request.follow(302, "http://api.example.com/"));
  CHECK(request.follow(302, "//other.example.com/x"));
  CHECK(request.wire_url() == "https://other.example.com/x");
}

TEST_CASE("http may be left for https, which is another origin") {
  HttpCall call = get("http://api.example.com/");
  call.follow_redirects = true;
  call.credential_query = {{"key", Secret("s3cret")}};
  auto request = OutboundRequest::from(call).value();
  REQUIRE(request.follow(301, "https://api.example.com/"));
  CHECK(request.wire_url() == "https://api.example.com/");
}

TEST_CASE("the default port is the same origin, and a query sent back is not doubled") {
  HttpCall call = get("https://api.example.com/a");
  call.follow_redirects = true;
  call.credential_query = {{"key", Secret("s3cret")}};
  auto request = OutboundRequest::from(call).value();
  REQUIRE(request.follow(301, "https://API.example.com:443/a/?key=s3cret"));
  CHECK(request.wire_url() == "https://API.example.com:443/a/?key=s3cret");
  REQUIRE(request.follow(301, "?page=2"));
  CHECK(request.wire_url() == "https://API.example.com:443/a/?page=2&key=s3cret");
}

TEST_CASE("only redirects with a location are followed") {
  auto request = followable("https://api.example.com/");
  for (const int status : {200, 201, 300, 304, 305, 306, 400, 500}) CHECK_FALSE(request.follow(status, "/x"));
  CHECK_FALSE(request.follow(302, ""));
  CHECK_FALSE(request.follow(302, "/x\r\ny"));
}
