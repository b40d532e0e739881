#include "core/connectors/http_request.h"

#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"

using namespace ipaas;
using namespace ipaas::connectors;
using namespace ipaas::test;

namespace {

const HttpRequest kConnector;

Result<HttpCall> prepare(std::string_view inputs, const std::optional<CredentialFields>& credential = std::nullopt) {
  return kConnector.prepare(call_of("http", "request", inputs, credential ? credential->name : ""), credential);
}

std::string refusal(std::string_view inputs, const std::optional<CredentialFields>& credential = std::nullopt) {
  const auto call = prepare(inputs, credential);
  REQUIRE_FALSE(call);
  CHECK(call.error().kind == ErrorKind::kInvalid);
  return call.error().code;
}

}  // namespace

TEST_CASE("a bare URL is fetched with GET") {
  const auto call = prepare(R"({"url": "https://api.example/v1/orders"})");
  REQUIRE(call);
  CHECK(call->method == "GET");
  CHECK(call->url == "https://api.example/v1/orders");
  CHECK(call->body.empty());
  CHECK_FALSE(call->follow_redirects);
  CHECK(call->timeout == std::chrono::seconds(5));
  CHECK(header_of(*call, "User-Agent").rfind("ipaas/", 0) == 0);
  CHECK(header_of(*call, "Idempotency-Key") == "(none)");
}

TEST_CASE("query parameters are encoded behind those of the URL") {
  const auto call = prepare(R"({"url": "https://a.example/x?k=1#top",
      "query": {"q": "a b&c=d", "tags": ["x", 2, true], "none": null, "id": 9007199254740993}})");
  REQUIRE(call);
  CHECK(call->url == "https://a.example/x?k=1&q=a%20b%26c%3Dd&tags=x&tags=2&tags=true&id=9007199254740993");
  CHECK(refusal(R"({"url": "https://a.example", "query": {"q": {"deep": 1}}})") == "input_invalid");
}

TEST_CASE("each kind of body brings its content type") {
  const auto with = [](const std::string& body) {
    return *prepare(R"({"method": "post", "url": "https://a.example", )" + body + "}");
  };
  auto call = with(R"("json": {"b": 1, "a": [null]})");
  CHECK(call.method == "POST");
  CHECK(call.body == R"({"b":1,"a":[null]})");
  CHECK(header_of(call, "Content-Type") == "application/json");
  call = with(R"("form": {"a b": "ü", "c": ["1", "2"]})");
  CHECK(call.body == "a+b=%C3%BC&c=1&c=2");
  CHECK(header_of(call, "Content-Type") == "application/x-www-form-urlencoded");
  call = with(R"("text": "hi", "headers": {"content-type": "text/csv"})");
  CHECK(call.body == "hi");
  CHECK(header_of(call, "content-type") == "text/csv");
  CHECK(header_of(call, "Content-Type") == "(none)");
  call = with(R"("base64": "AP8=")");
  CHECK(call.body == std::string("\0\xff", 2));
  CHECK(refusal(R"({"url": "https://a.example", "json": 1, "text": "x"})") == "input_invalid");
  CHECK(refusal(R"({"url": "https://a.example", "base64": "%%%"})") == "input_invalid");
}

TEST_CASE("a multipart body is the same at every attempt and cannot be broken out of") {
  const std::string inputs = R"({"method": "POST", "url": "https://a.example", "multipart": [
      {"name": "note\"\r\nX-Evil: 1", "text": "hello"},
      {"name": "file", "base64": "aGk=", "filename": "a.txt", "content-type": "text/plain"}]})";
  const auto call = prepare(inputs);
  REQUIRE(call);
  CHECK(call->body == prepare(inputs)->body);
  const auto type = header_of(*call, "Content-Type");
  REQUIRE(type.rfind("multipart/form-data; boundary=", 0) == 0);
  const auto boundary = type.substr(std::string("multipart/form-data; boundary=").size());
  CHECK(call->body == "--" + boundary + "\r\nContent-Disposition: form-data; name=\"note%22%0D%0AX-Evil: 1\"\r\n\r\nhello\r\n--" +
                          boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n" +
                          "Content-Type: text/plain\r\n\r\nhi\r\n--" + boundary + "--\r\n");
  const Json hostile = {{"method", "POST"}, {"url", "https://a.example"}, {"multipart", {{"a", "--" + boundary}}}};
  const auto other = prepare(hostile.dump());
  REQUIRE(other);
  CHECK(header_of(*other, "Content-Type") != type);
  CHECK(refusal(R"({"url": "https://a.example", "multipart": [{"name": "a", "text": "x", "content-type": "a\r\nb"}]})") ==
        "input_invalid");
}

TEST_CASE("POST and PATCH carry the idempotency key unless the workflow wrote one") {
  CHECK(header_of(*prepare(R"({"method": "PATCH", "url": "https://a.example"})"), "Idempotency-Key") == "ex_1/notify");
  const auto own = prepare(R"({"method": "POST", "url": "https://a.example", "headers": {"idempotency-key": "mine"}})");
  CHECK(header_of(*own, "idempotency-key") == "mine");
  CHECK(header_of(*own, "Idempotency-Key") == "(none)");
}

TEST_CASE("only methods that may be sent twice are repeatable") {
  const auto repeatable = [](const std::string& method) {
    return kConnector.repeatable(call_of("http", "request", R"({"method": ")" + method + R"("})"));
  };
  CHECK(kConnector.repeatable(call_of("http", "request", "{}")));
  for (const auto* method : {"get", "HEAD", "OPTIONS", "PUT", "delete", "TRACE"}) CHECK(repeatable(method));
  for (const auto* method : {"POST", "PATCH", "PURGE", ""}) CHECK_FALSE(repeatable(method));
  auto keyed = call_of("http", "request", R"({"method": "post"})");
  keyed.keyed = true;
  CHECK(kConnector.repeatable(keyed));
  keyed.inputs["method"] = "PURGE";  // which carries no key
  CHECK_FALSE(kConnector.repeatable(keyed));
}

TEST_CASE("what could smuggle a header or a request is refused before sending") {
  for (const auto* inputs :
       {R"({"url": "https://a.example/\r\nHost: evil"})", R"({"url": "https://a.example", "headers": {"X": "a\r\nY: b"}})",
        R"({"url": "https://a.example", "headers": {"X": "a\nb"}})", R"({"url": "https://a.example", "headers": {"X": "a\u0000b"}})",
        R"({"url": "https://a.example", "headers": {"X: y\r\nZ": "a"}})", R"({"url": "https://a.example", "headers": {"": "a"}})",
        R"({"url": "https://a.example", "method": "GET / HTTP/1.1\r\n"})", R"({"url": "https://a.example", "method": "connect"})",
        R"({"url": "https://user:pw@a.example"})", R"({"url": "ftp://a.example"})", R"({"url": "file:///etc/passwd"})",
        R"({"url": "https:a.example"})", R"({"url": "//a.example"})", R"({"url": "https://a.example\\@b.example/"})",
        R"({"url": "https://a.example:99999"})", R"({"url": "https://a.example:+80"})", R"({"url": ""})", R"({"url": "/orders"})",
        R"({"url": ["https://a.example"]})", R"({})", R"({"url": "https://a.example", "headesr": {}})",
        R"({"url": "https://a.example", "success": "status <"})", R"({"url": "https://a.example", "success": "secrets.x"})"}) {
    INFO(inputs);
    CHECK(refusal(inputs) == "input_invalid");
  }
}

TEST_CASE("credentials are attached as their type says") {
  const std::string get = R"({"url": "https://a.example/x?y=1"})";
  auto call = prepare(get, credential_of("bearer", R"({"token": "tok-1234"})"));
  REQUIRE(call);
  REQUIRE(call->credential_headers.size() == 1);
  CHECK(call->credential_headers[0].first == "Authorization");
  CHECK(call->credential_headers[0].second.reveal() == "Bearer tok-1234");
  call = prepare(get, credential_of("basic", R"({"username": "aladdin", "password": "opensesame"})"));
  CHECK(call->credential_headers[0].second.reveal() == "Basic YWxhZGRpbjpvcGVuc2VzYW1l");
  call = prepare(get, credential_of("api-key", R"({"name": "X-Key", "value": "abcdef"})"));
  CHECK(call->credential_headers[0].first == "X-Key");
  call = prepare(get, credential_of("api-key", R"({"name": "appid", "value": "abcdef", "in": "query"})"));
  CHECK(call->credential_headers.empty());
  CHECK(call->credential_query[0].first == "appid");
  CHECK(call->url == "https://a.example/x?y=1");
}

TEST_CASE("a credential that cannot be attached is refused without its value") {
  const std::string get = R"({"url": "https://a.example", "headers": {"authorization": "mine"}})";
  CHECK(refusal(get, credential_of("generic", R"({"secret": "hush-hush"})")) == "credential_refused");
  CHECK(refusal(get, credential_of("bearer", R"({"token": "tok-1234"})")) == "input_invalid");
  CHECK(refusal(get, credential_of("bearer", R"({})")) == "credential_refused");
  const auto torn = prepare(R"({"url": "https://a.example"})", credential_of("bearer", R"({"token": "hush\r\nX: 1"})"));
  REQUIRE_FALSE(torn);
  CHECK(to_string(torn.error()).find("hush") == std::string::npos);
  const auto missing = kConnector.prepare(call_of("http", "request", R"({"url": "https://a.example"})", "gone"), {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "credential_missing");
}

TEST_CASE("a credential goes only to its own hosts") {
  const auto goes = [](const std::string& url, const std::string& limits) {
    const auto call = prepare(R"({"url": ")" + url + R"("})", credential_of("bearer", R"({"token": "tok-1234")" + limits + "}"));
    if (!call) CHECK(call.error().code == "credential_refused");
    return call.has_value();
  };
  CHECK(goes("https://anywhere.example", ""));
  const std::string listed = R"(, "hosts": ["api.example", "*.shop.example", "127.0.0.1:8080"])";
  CHECK(goes("https://API.example/x", listed));
  CHECK(goes("https://eu.api.shop.example", listed));
  CHECK(goes("http://127.0.0.1:8080/x", listed));
  CHECK_FALSE(goes("http://127.0.0.1:8081/x", listed));
  CHECK_FALSE(goes("https://shop.example", listed));
  CHECK_FALSE(goes("https://evilshop.example", listed));
  CHECK_FALSE(goes("https://api.example.evil.example", listed));
  CHECK(goes("https://b.example", R"(, "hosts": "a.example, b.example")"));
  const std::string based = R"(, "base_url": "https://shop.example:8443/v1")";
  CHECK(goes("https://shop.example:8443/other", based));
  CHECK_FALSE(goes("https://shop.example/v1", based));
  CHECK_FALSE(goes("http://shop.example:8443/v1", based));
}

TEST_CASE("a relative URL is joined to the credential's base") {
  const auto url = [](const std::string& relative) {
    const auto call = prepare(R"({"url": ")" + relative + R"(", "query": {"p": 2}})",
                              credential_of("bearer", R"({"token": "tok-1234", "base_url": "http://127.0.0.1:9/v1/"})"));
    return call ? call->url : call.error().code;
  };
  CHECK(url("orders") == "http://127.0.0.1:9/v1/orders?p=2");
  CHECK(url("/orders?q=1") == "http://127.0.0.1:9/v1/orders?q=1&p=2");
  CHECK(url("//evil.example/") == "input_invalid");
  CHECK(url("javascript:alert(1)") == "input_invalid");
}

TEST_CASE("no refusal repeats a secret") {
  const auto secret = credential_of("api-key", R"({"name": "X-Key", "value": "hunter2-hunter2", "hosts": "a.example"})");
  for (const auto* inputs : {R"({"url": "https://b.example"})", R"({"url": "https://a.example", "headers": {"x-key": "mine"}})",
                             R"({"url": "https://u:hunter2-hunter2@a.example"})", R"({"url": "hunter2-hunter2"})"}) {
    const auto call = prepare(inputs, secret);
    REQUIRE_FALSE(call);
    CHECK(to_string(call.error()).find("hunter2-hunter2") == std::string::npos);
  }
}
