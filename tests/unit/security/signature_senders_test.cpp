// What is particular to one sender's scheme: Twilio, Discord, Shopify, Ed25519 of Standard Webhooks, tokens in paths, Basic.
#include "core/base/encoding.h"
#include "core/security/signature.h"
#include "tests/support/catch.h"
#include "tests/support/signature_kit.h"

using namespace ipaas;
using namespace ipaas::security;
using namespace ipaas::test;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const Instant kNow = from_millis(1'700'000'000'000);

std::string outcome(Scheme scheme, const Secret& secret, const Headers& headers, std::string_view body = "",
                    std::string_view url = "") {
  const std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(), headers.end());
  const auto verified = verify(rule_of(scheme), {secret}, SignedRequest{body, views, url}, kNow);
  return verified ? "accepted" : verified.error().code;
}

const Secret kTwilio("12345");
// twilio-python, tests/unit/test_request_validator.py.
const std::string kForm = "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";

std::string twilio(std::string_view url, std::string_view signature, std::string_view body = kForm) {
  return outcome(Scheme::kTwilio, kTwilio, {{"X-Twilio-Signature", std::string(signature)}}, body, url);
}

}  // namespace

TEST_CASE("twilio: the URL is signed with or without its port") {
  const std::string plain = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
  CHECK(twilio("https://mycompany.com/myapp.php?foo=1&bar=2", plain) == "accepted");
  CHECK(twilio("https://mycompany.com:443/myapp.php?foo=1&bar=2", plain) == "accepted");
  CHECK(twilio("https://mycompany.com:1234/myapp.php?foo=1&bar=2", plain) == "accepted");
  CHECK(twilio("http://mycompany.com/myapp.php?foo=1&bar=2", plain) == "signature_mismatch");
  CHECK(twilio("https://mycompany.org/myapp.php?foo=1&bar=2", plain) == "signature_mismatch");
  CHECK(twilio("https://mycompany.com/myapp.php?bar=2&foo=1", plain) == "signature_mismatch");
  CHECK(twilio("https://mycompany.com/myapp.php?foo=1&bar=2", plain, kForm + "&More=1") == "signature_mismatch");
}

TEST_CASE("twilio: without a whole URL the operator is told what to configure") {
  for (const char* url : {"", "/api/webhooks/wf_1", "mycompany.com/x"}) {
    const std::vector<std::pair<std::string_view, std::string_view>> headers = {{"X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}};
    const auto refused = verify(rule_of(Scheme::kTwilio), {kTwilio}, SignedRequest{kForm, headers, url}, kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "public_url_missing");
    CHECK(refused.error().kind == ErrorKind::kUnavailable);
    CHECK(refused.error().hint.find("public_url") != std::string::npos);
  }
}

TEST_CASE("twilio: a body that is no form is bound by its digest in the URL") {
  const std::string body = R"({"a":1})";
  const auto signature = sign(rule_of(Scheme::kTwilio), kTwilio, {body, "", "https://x.example/h?q=1"}, kNow);
  REQUIRE(signature);
  CHECK(signature->url.starts_with("https://x.example/h?q=1&bodySHA256="));
  CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, body, signature->url) == "accepted");
  CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, R"({"a":2})", signature->url) == "signature_mismatch");
  CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, body, "https://x.example/h?q=1") == "signature_mismatch");
  // A fragment is not sent, and the digest does not go behind it.
  CHECK(sign(rule_of(Scheme::kTwilio), kTwilio, {body, "", "https://x.example/h?q=1#rc=2"}, kNow)->url == signature->url);
  // A body beside a URL that was signed for a request without one.
  const auto empty = sign(rule_of(Scheme::kTwilio), kTwilio, {"", "", "https://x.example/h"}, kNow);
  CHECK(outcome(Scheme::kTwilio, kTwilio, empty->headers, "", "https://x.example/h") == "accepted");
  CHECK(outcome(Scheme::kTwilio, kTwilio, empty->headers, body, "https://x.example/h") == "signature_mismatch");
}

TEST_CASE("twilio: what says that it is no form is not verified as one") {
  const std::string url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const auto with = [&](const std::vector<std::string>& types) {
    Headers headers = {{"X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}};
    for (const std::string& type : types) headers.emplace_back("content-type", type);
    return outcome(Scheme::kTwilio, kTwilio, headers, kForm, url);
  };
  CHECK(with({}) == "accepted");
  CHECK(with({"application/x-www-form-urlencoded"}) == "accepted");
  CHECK(with({"Application/X-WWW-Form-Urlencoded ; charset=UTF-8"}) == "accepted");
  for (const char* type : {"application/json", "text/plain", "", "application/x-www-form-urlencoded+json"}) {
    CHECK(with({type}) == "signature_malformed");
  }
  CHECK(with({"application/x-www-form-urlencoded", "application/json"}) == "signature_malformed");
}

TEST_CASE("twilio: broken percent-encoding, empty values and IPv6 hosts are signed as they are written") {
  for (const char* form : {"a=%&b=%zz&c=%4", "a=&b&=c&&", "a=1&a=2&A=0&a=1", "x=%00%ff"}) {
    for (const char* url : {"https://[::1]/h", "https://[::1]:8443/h", "http://x.example", "http://x.example?q=//a:1"}) {
      const auto signature = sign(rule_of(Scheme::kTwilio), kTwilio, {form, "", url}, kNow);
      REQUIRE(signature);
      CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, form, url) == "accepted");
    }
  }
}

TEST_CASE("twilio: a form of more parameters than anybody sends is refused before it is sorted") {
  std::string form;
  for (int i = 0; i < 1000; ++i) form += "a=" + std::to_string(i) + "&";
  const auto signature = sign(rule_of(Scheme::kTwilio), kTwilio, {form, "", "https://x.example/h"}, kNow);
  REQUIRE(signature);
  CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, form, "https://x.example/h") == "accepted");
  CHECK(outcome(Scheme::kTwilio, kTwilio, signature->headers, form + "b=1", "https://x.example/h") == "signature_malformed");
  CHECK_FALSE(sign(rule_of(Scheme::kTwilio), kTwilio, {form + "b=1", "", "https://x.example/h"}, kNow));
}

TEST_CASE("discord: timestamp and body are both signed, keys and signatures are hexadecimal") {
  // The PING of discord-interactions-js under RFC 8032's TEST 1 key.
  const auto body = R"({"id":"787053080478613555","token":"ThisIsATokenFromDiscordThatIsVeryLong","type":1,"version":1})";
  const std::string good =
      "75345cef1ab896965bb9a69ce7f864c69f1e2335ecb2cab4a03db84bfaa1a0436f863d4430101a230e2b6a462c47d723da8ee54312fc7180c511b54db90c2b0f";
  const auto with = [&](const std::string& signature, const std::string& timestamp, const std::string& key = kPublicHex) {
    return outcome(Scheme::kDiscord, Secret(key), {{"x-signature-ed25519", signature}, {"x-signature-timestamp", timestamp}}, body);
  };
  CHECK(with(good, "1625603592") == "accepted");
  CHECK(with(good, "1625603593") == "signature_mismatch");
  CHECK(with(good, "") == "timestamp_missing");
  CHECK(with(good + "00", "1625603592") == "signature_malformed");
  CHECK(with(good.substr(2), "1625603592") == "signature_malformed");
  CHECK(with(std::string(128, '0'), "1625603592") == "signature_mismatch");
  CHECK(with(good, "1625603592", "d75a98") == "signature_mismatch");
  CHECK(outcome(Scheme::kDiscord, Secret(kPublicHex), {{"x-signature-ed25519", good}}, body) == "timestamp_missing");
  for (const char* key : {"d75a98", "not hexadecimal", kEdPublic}) CHECK_FALSE(check_secret(rule_of(Scheme::kDiscord), Secret(key)));
}

TEST_CASE("shopify: only base64 of the whole digest will do") {
  const auto signature = sign(rule_of(Scheme::kShopify), Secret("hush"), {"{}", "id-1"}, kNow);
  REQUIRE(signature);
  const std::string good = signature->headers[0].second;
  const auto with = [&](const std::string& value) {
    return outcome(Scheme::kShopify, Secret("hush"), {{"X-Shopify-Hmac-SHA256", value}}, "{}");
  };
  CHECK(with(good) == "accepted");
  CHECK(with(hex_encode(*base64_decode(good))) != "accepted");
  CHECK(with(good.substr(0, 20)) == "signature_mismatch");
  CHECK(with("====") == "signature_malformed");
  CHECK(signature->headers[1] == std::pair<std::string, std::string>("X-Shopify-Event-Id", "id-1"));
}

TEST_CASE("standard-webhooks: v1a under the public key, and v1 under the shared secret, each alone and together") {
  const Secret seed("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
  const Secret whole("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==");
  const Secret pub("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  const Secret shared("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const auto rule = rule_of(Scheme::kStandardWebhooks);
  const auto by_pair = sign(rule, seed, {"{}", "msg_1"}, kNow);
  const auto by_secret = sign(rule, shared, {"{}", "msg_1"}, kNow);
  REQUIRE(by_pair);
  CHECK(by_pair->headers == sign(rule, whole, {"{}", "msg_1"}, kNow)->headers);
  CHECK(by_pair->headers[2].second.starts_with("v1a,"));
  CHECK(outcome(Scheme::kStandardWebhooks, pub, by_pair->headers, "{}") == "accepted");
  CHECK(outcome(Scheme::kStandardWebhooks, shared, by_pair->headers, "{}") == "signature_mismatch");
  CHECK(outcome(Scheme::kStandardWebhooks, pub, by_secret->headers, "{}") == "signature_mismatch");
  Headers both = by_secret->headers;
  both[2].second = "v1,AAAA v1a,AAAA " + by_pair->headers[2].second + " " + by_secret->headers[2].second;
  CHECK(outcome(Scheme::kStandardWebhooks, pub, both, "{}") == "accepted");
  CHECK(outcome(Scheme::kStandardWebhooks, shared, both, "{}") == "accepted");
  CHECK_FALSE(sign(rule, pub, {"{}", "msg_1"}, kNow));
  for (const char* bad : {"whpk_AAAA", "whsk_AAAA", "whsec_", "whpk_"}) CHECK_FALSE(check_secret(rule, Secret(bad)));
}

TEST_CASE("standard-webhooks: the bytes of the public key are no shared secret") {
  // Who knows the public key must not sign v1 with it.
  const auto forged = sign(rule_of(Scheme::kStandardWebhooks), Secret("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="), {"{}", "msg_1"}, kNow);
  REQUIRE(forged);
  const Secret pub("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  CHECK(outcome(Scheme::kStandardWebhooks, pub, forged->headers, "{}") == "signature_mismatch");
}

TEST_CASE("standard-webhooks: two v1a signatures are tried, and no more") {
  const auto signed_by_pair = sign(rule_of(Scheme::kStandardWebhooks), Secret("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="), {"{}", "msg_1"}, kNow);
  REQUIRE(signed_by_pair);
  const Secret pub("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  Headers headers = signed_by_pair->headers;
  headers[2].second = "v1a,AAAA " + signed_by_pair->headers[2].second;
  CHECK(outcome(Scheme::kStandardWebhooks, pub, headers, "{}") == "accepted");
  headers[2].second = "v1a,AAAA v1a,AAAA " + signed_by_pair->headers[2].second;
  CHECK(outcome(Scheme::kStandardWebhooks, pub, headers, "{}") == "signature_mismatch");
}

TEST_CASE("what takes a key pair is costly, and nothing else is") {
  const std::vector<std::pair<std::string_view, std::string_view>> pair = {{"Webhook-Signature", "v1,AAAA v1a,AAAA"}};
  const std::vector<std::pair<std::string_view, std::string_view>> shared = {{"Webhook-Signature", "v1,AAAA"}};
  for (const std::string_view name : scheme_names()) {
    INFO(name);
    const Scheme scheme = *scheme_from_name(name);
    const bool always = scheme == Scheme::kJwt || scheme == Scheme::kDiscord;
    CHECK(is_costly(scheme, {"", shared}) == always);
    CHECK(is_costly(scheme, {"", pair}) == (always || scheme == Scheme::kStandardWebhooks));
  }
}

TEST_CASE("url-token: the last part of the path is compared whole") {
  const std::string token = "0123456789abcdefghijklmnopqrstuvwxyz-._~";
  const auto at = [&](const std::string& url) { return outcome(Scheme::kUrlToken, Secret(token), {}, "", url); };
  CHECK(at("/api/webhooks/wf_1/" + token) == "accepted");
  CHECK(at("https://x.example/api/webhooks/default/a/" + token + "?a=/b") == "accepted");
  CHECK(at("/api/webhooks/wf_1/" + token + "x") == "signature_mismatch");
  CHECK(at("/api/webhooks/wf_1/" + token.substr(1)) == "signature_mismatch");
  CHECK(at("/api/webhooks/wf_1/" + token + "/") == "signature_missing");
  CHECK(at("/api/webhooks/wf_1") == "signature_malformed");
  CHECK(at("/api/webhooks/wf_1/?" + token) == "signature_missing");
  CHECK(at("") == "signature_missing");
  for (const char* weak : {"short", "0123456789abcdefghijklmnopqrstu", "0123456789abcdefghijklmnopqrst/vwxyz", "0123456789abcdefghijklmnopqrst%76wxyz"}) {
    CHECK_FALSE(check_secret(rule_of(Scheme::kUrlToken), Secret(weak)));
  }
}

TEST_CASE("basic: user and password are compared whole, the scheme's name without case") {
  const auto with = [](const std::string& value) {
    return outcome(Scheme::kBasic, Secret("Aladdin:open sesame"), {{"Authorization", value}});
  };
  CHECK(with("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == "accepted");
  CHECK(with("basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ") == "accepted");
  CHECK(with("Basic " + base64_encode("Aladdin:open sesam")) == "signature_mismatch");
  CHECK(with("Basic " + base64_encode("aladdin:open sesame")) == "signature_mismatch");
  CHECK(with("Basic " + base64_encode("Aladdin")) == "signature_malformed");
  CHECK(with("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=") == "signature_malformed");
  CHECK(with("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == "signature_malformed");
  for (const char* bad : {"nobody", "user:", ":"}) CHECK_FALSE(check_secret(rule_of(Scheme::kBasic), Secret(bad)));
}
