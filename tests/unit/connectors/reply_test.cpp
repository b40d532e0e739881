#include "core/connectors/http_date.h"
#include "core/connectors/http_request.h"
#include "core/connectors/reply_view.h"
#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"
#include "tests/support/fake_clock.h"

using namespace ipaas;
using namespace ipaas::connectors;
using namespace ipaas::test;
using Class = Interpretation::Class;

namespace {

const HttpRequest kConnector;

Interpretation interpret(const HttpReply& reply, std::string_view inputs = R"({"method": "POST", "url": "https://api.example/x"})",
                         const std::string& credential = {}) {
  return kConnector.interpret(call_of("http", "request", inputs, credential), reply, FakeClock().now());
}

HttpReply with_header(int status, std::string name, std::string value) {
  return {.status = status, .headers = {{std::move(name), std::move(value)}}, .body = ""};
}

}  // namespace

TEST_CASE("a body is JSON where the answer says so and keeps its word, else text, else bytes") {
  CHECK(reply_view(reply_of(200, "application/json; charset=utf-8", R"({"a":1})"))["body"] == json(R"({"a":1})"));
  CHECK(reply_view(reply_of(200, "application/problem+json", "[1]"))["body"] == json("[1]"));
  CHECK(reply_view(reply_of(200, "text/plain", "{}"))["body"] == "{}");
  CHECK(reply_view(reply_of(200, "application/json", "<html>"))["body"] == "<html>");
  CHECK(reply_view(reply_of(200, "application/json", "[1e400]"))["body"] == "[1e400]");
  CHECK(reply_view(reply_of(200, "application/json", ""))["body"] == "");
  CHECK(reply_view(reply_of(200, "image/png", "\x89PNG"))["body"] == json(R"({"base64":"iVBORw=="})"));
  CHECK(reply_view(reply_of(200, "application/json", "\"\xff\""))["body"].contains("base64"));
  const std::string deep(100'000, '[');
  CHECK(reply_view(reply_of(200, "application/json", deep))["body"] == deep);
}

TEST_CASE("headers are an object of texts") {
  const HttpReply reply{.status = 200,
                        .headers = {{"Link", "<a>"}, {"link", "<b>"}, {"set-cookie", "a=1"}, {"set-cookie", "b=2"}, {"x-old", "\xfc"}},
                        .body = ""};
  CHECK(reply_view(reply)["headers"] == json(R"({"link": "<a>, <b>", "set-cookie": "a=1\nb=2", "x-old": "ü"})"));
}

TEST_CASE("below 400 is a success unless the workflow says otherwise") {
  CHECK(interpret(reply_of(302, "text/plain", ""))
            .outputs == json(R"({"status": 302, "headers": {"content-type": "text/plain"}, "body": ""})"));
  const std::string judged = R"({"url": "https://api.example", "success": "${{ status == 404 || body.ok }}"})";
  CHECK(interpret(reply_of(404, "text/plain", ""), judged).outputs);
  CHECK(interpret(reply_of(200, "application/json", R"({"ok": true})"), judged).outputs);
  const auto refused = interpret(reply_of(200, "application/json", R"({"ok": false, "error": "nope"})"), judged);
  CHECK_FALSE(refused.outputs);
  CHECK(refused.failure_class == Class::kRejected);
  CHECK(refused.code == "rejected");
  CHECK_FALSE(refused.worth_retrying);
  CHECK(refused.message == "GET api.example answered 200: nope");
}

TEST_CASE("the status decides what a failure means") {
  struct Row {
    int status;
    Class failure_class;
    bool worth_retrying;
  };
  for (const auto& row : {Row{400, Class::kRejected, false}, {401, Class::kRejected, false}, {404, Class::kRejected, false},
                          {408, Class::kUnknown, true}, {425, Class::kUnknown, true}, {429, Class::kDeferred, true},
                          {500, Class::kUnknown, true}, {502, Class::kUnknown, true}, {503, Class::kUnknown, true},
                          {599, Class::kUnknown, true}}) {
    INFO(row.status);
    const auto meaning = interpret(reply_of(row.status, "text/plain", "no"));
    CHECK_FALSE(meaning.outputs);
    CHECK(meaning.failure_class == row.failure_class);
    CHECK(meaning.worth_retrying == row.worth_retrying);
    CHECK(meaning.code == "rejected");
  }
  const std::string get = R"({"url": "https://api.example"})";
  CHECK(interpret(reply_of(401, "text/plain", ""), get, "door").code == "credential_refused");
  CHECK(interpret(reply_of(403, "text/plain", ""), get, "door").code == "credential_refused");
  CHECK(interpret(reply_of(404, "text/plain", ""), get, "door").code == "rejected");
}

TEST_CASE("Retry-After defers, in seconds or until a date") {
  const auto soon = interpret(with_header(503, "retry-after", "120"));
  CHECK(soon.failure_class == Class::kDeferred);
  CHECK(soon.retry_after == std::chrono::seconds(120));
  CHECK(interpret(with_header(429, "Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT")).retry_after == std::chrono::seconds(60));
  CHECK(interpret(with_header(429, "retry-after", "Thu, 01 Jan 2015 00:01:00 GMT")).retry_after == std::chrono::seconds(0));
  CHECK(interpret(with_header(429, "retry-after", "99999999999999999999")).retry_after == std::chrono::hours(24 * 7));
  CHECK(interpret(with_header(503, "retry-after", "soon")).failure_class == Class::kUnknown);
  CHECK_FALSE(interpret(with_header(429, "retry-after", "-5")).retry_after);
}

TEST_CASE("all three forms of an HTTP date are read") {
  const Instant now = FakeClock().now();
  const auto expected = from_millis(784'111'777'000);
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == expected);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == expected);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", now) == expected);
  CHECK(parse_http_date("Sunday, 06-Nov-30 08:49:37 GMT", now) > now);
  for (const auto* text : {"", "Sun", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "2026-01-01T00:00:00Z"}) {
    CHECK_FALSE(parse_http_date(text, now));
  }
}

TEST_CASE("a failure is told in one short harmless line") {
  CHECK(interpret(reply_of(404, "application/json", R"({"error": {"message": "no such order"}})")).message ==
        "POST api.example answered 404: no such order");
  CHECK(interpret(reply_of(500, "text/plain", "")).message == "POST api.example answered 500");
  CHECK(interpret(reply_of(500, "image/png", "\xff")).message == "POST api.example answered 500: (bytes that are not text)");
  const auto forged = interpret(reply_of(400, "text/plain", "a\x1b[31m\r\nlevel=error \xe2\x80\xae")).message;
  CHECK(forged.find_first_of("\x1b\r\n") == std::string::npos);
  const auto long_message = interpret(reply_of(400, "text/plain", std::string(5'000'000, 'x'))).message;
  CHECK(long_message.size() < 300);
  const auto path = interpret(reply_of(404, "text/plain", "no"), R"({"url": "https://api.example/t0ken?key=s3cret"})").message;
  CHECK(path == "GET api.example answered 404: no");
}

TEST_CASE("a success condition that cannot be evaluated is no reason to try again") {
  const auto meaning =
      interpret(reply_of(200, "text/plain", "x"), R"_({"url": "https://a.example", "success": "fromJSON(body)"})_");
  CHECK_FALSE(meaning.outputs);
  CHECK(meaning.code == "expression_failed");
  CHECK_FALSE(meaning.worth_retrying);
}
