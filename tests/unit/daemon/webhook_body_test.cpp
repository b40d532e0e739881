// What a webhook carried, as expressions see it.
#include "daemon/http/webhook_body.h"

#include "core/store/stored_limits.h"
#include "daemon/http/form.h"
#include "tests/support/catch.h"
#include "tests/support/store_fixtures.h"

using namespace ipaas;
using namespace ipaas::daemon::http;
using security::Scheme;

namespace {

/// The body as JSON text, or the error's code.
std::string body(std::string_view type, std::string_view bytes, Scheme scheme = Scheme::kNone) {
  const auto parsed = parse_body(type, bytes, scheme);
  if (!parsed) return "error " + std::string(api_code(parsed.error().kind));
  CHECK(parse_json(parsed->text) == parsed->value);
  return dump_json(parsed->value);
}

}  // namespace

TEST_CASE("a body is read by its content type") {
  const auto [type, bytes, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"application/json", R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
      {"application/json; charset=utf-8", "[1]", "[1]"},
      {"Application/JSON", "true", "true"},
      {"application/vnd.github+json", R"({"a":1})", R"({"a":1})"},
      {"application/json", R"({"a":1,"a":2})", R"({"a":2})"},
      {"application/json", R"({"n":12345678901234567890})", R"({"n":12345678901234567890})"},
      {"application/json", "{", "error invalid_request"},
      {"application/json", "", "error invalid_request"},
      {"application/json", "\xff", "error invalid_request"},
      {"application/json", R"("\ud800")", "error invalid_request"},
      {"application/json", "1e400", "error invalid_request"},
      {"application/json", "{} {}", "error invalid_request"},
      {"application/json", std::string("{}\0", 3), "error invalid_request"},
      {"text/plain", "hello", R"("hello")"},
      {"text/plain", R"({"a":1})", R"("{\"a\":1}")"},
      {"", "grüße", "\"grüße\""},
      {"", "", "null"},
      {"text/plain", "", "null"},
      {"application/octet-stream", "\xff\x00", R"({"base64":"/w=="})"},
      {"application/x-www-form-urlencoded", "a=1&b=x+y%21&a=2", R"({"a":["1","2"],"b":"x y!"})"},
      {"application/x-www-form-urlencoded",
       "a=1&a=2&a=3&flag&=v&&x=", R"({"a":["1","2","3"],"flag":"","":"v","x":""})"},
      {"application/x-www-form-urlencoded", "a=%zz", "error invalid_request"},
      {"application/x-www-form-urlencoded", "a=%ff", "{\"a\":\"\xef\xbf\xbd\"}"},
  }));
  INFO(type << " " << bytes);
  CHECK(body(type, bytes) == expected);
}

TEST_CASE("levels of JSON beyond the limit are refused, not parsed") {
  CHECK(body("application/json", std::string(100'000, '[') + std::string(100'000, ']')) == "error invalid_request");
}

TEST_CASE("bytes that are no text come through unharmed") {
  const std::string bytes("\x00\x80\xfe", 3);
  CHECK(body("image/png", bytes) == R"({"base64":"AID+"})");
}

TEST_CASE("GitHub's form variant is the JSON in it, for GitHub only") {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  CHECK(body(kForm, "payload=%7B%22a%22%3A1%7D", Scheme::kGithub) == R"({"a":1})");
  CHECK(body(kForm, "payload=%7B%22a%22%3A1%7D", Scheme::kNone) == R"({"payload":"{\"a\":1}"})");
  CHECK(body(kForm, "payload=%7B", Scheme::kGithub) == "error invalid_request");
  CHECK(body(kForm, "a=1", Scheme::kGithub) == R"({"a":"1"})");
}

TEST_CASE("a form of too many pairs is refused") {
  std::string form;
  for (int i = 0; i < 1001; ++i) form += "a" + std::to_string(i) + "=1&";
  CHECK_FALSE(parse_form(form));
  CHECK(parse_form(form.substr(0, form.rfind("a1000"))));
}

TEST_CASE("an event shows the request without what proves who sent it") {
  Request request;
  request.path = "/api/webhooks/wf_1";
  request.query_text = "a=1&b=%20";
  request.headers = {{"Content-Type", "text/plain"},
                     {"AUTHORIZATION", "Bearer secret"},
                     {"Cookie", "secret"},
                     {"Proxy-Authorization", "secret"},
                     {"X-Two", "1"},
                     {"x-two", "2"},
                     {"X-Bytes", "\xff"}};
  const Json event = event_payload(request, JsonDocument(Json{{"n", 1}}), "d-1", test::kNow).value;
  CHECK(dump_json(event).find("secret") == std::string::npos);
  CHECK(event["headers"] == Json{{"content-type", "text/plain"}, {"x-two", "1, 2"}, {"x-bytes", "\xef\xbf\xbd"}});
  CHECK(event["query"] == Json{{"a", "1"}, {"b", " "}});
  CHECK(event["body"] == Json{{"n", 1}});
  CHECK(event["method"] == "POST");
  CHECK(event["path"] == "/api/webhooks/wf_1");
  CHECK(event["id"] == "d-1");
  CHECK(event["received_at"] == "2026-01-01T00:00:00.000Z");
  request.query_text = "a=%zz";
  CHECK(event_payload(request, {}, "", test::kNow).value["query"] == Json::object());
  CHECK(event_payload(request, {}, "", test::kNow).value["id"].is_null());
}

TEST_CASE("what is kept of an event reads as what its expressions saw") {
  const auto kept = [](std::string_view type, std::string_view bytes, Request request, std::string_view id) {
    const JsonDocument event = event_payload(request, parse_body(type, bytes, Scheme::kNone).value(), id, test::kNow);
    const auto again = parse_json(event.text, store::kStoredLimits);
    INFO(event.text);
    REQUIRE(again);
    CHECK(dump_json(*again) == dump_json(event.value));
  };
  kept("application/json", " {\"b\": 1,\r\n\"a\": [1.50, 1e2]} \n", {}, "");
  kept("application/json", "\xEF\xBB\xBF{\"mark\":true}", {}, "");
  kept("application/json", R"({"a":1,"b":2,"a":3})", {}, "");
  kept("application/json", std::string(128, '[') + std::string(128, ']'), {}, "");
  kept("text/plain", std::string_view("nul \0 nul", 9), {}, "");
  kept("", "", {}, "");
  kept("text/plain", "quote \" backslash \\ tab \t bell \a", {}, "id \" \\ \n");
  Request odd;
  odd.path = "/a\"b\\c\xff";
  odd.query_text = "q=%22%5C%0a&q=2";
  odd.headers = {{"X-\"Odd", "\"\\\x01\x7f\xc3\xa9"}, {"X-Empty", ""}};
  kept("application/x-www-form-urlencoded", "a=%22%5C", odd, "d\x1f");
}

TEST_CASE("the delivery's id is where its scheme puts it") {
  Request request;
  request.headers = {{"X-GitHub-Delivery", "g-1"}, {"webhook-id", "w-1"}};
  CHECK(delivery_id_of(Scheme::kGithub, request, nullptr) == "g-1");
  CHECK(delivery_id_of(Scheme::kStandardWebhooks, request, nullptr) == "w-1");
  CHECK(delivery_id_of(Scheme::kStripe, request, Json{{"id", "evt_1"}}) == "evt_1");
  CHECK(delivery_id_of(Scheme::kSlack, request, Json{{"event_id", "Ev1"}}) == "Ev1");
  CHECK(delivery_id_of(Scheme::kSlack, request, Json{{"trigger_id", "T1"}}) == "T1");
  CHECK(delivery_id_of(Scheme::kStripe, request, Json{{"id", 7}}).empty());
  CHECK(delivery_id_of(Scheme::kStripe, request, Json::array({1})).empty());
  CHECK(delivery_id_of(Scheme::kNone, request, Json{{"id", "x"}}).empty());
}
