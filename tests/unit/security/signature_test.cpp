#include "core/security/signature.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/encoding.h"
#include "core/security/digest.h"
#include "tests/support/catch.h"
#include "tests/support/signature_kit.h"

using namespace ipaas;
using namespace ipaas::security;
using namespace ipaas::test;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const Instant kNow = from_millis(1'700'000'000'500);
const std::string kBody = R"({"id":"evt_1"})";
const std::string kUrl = "https://hooks.example/api/webhooks/wf_1";
/// Base64, so that it serves standard-webhooks too.
const Secret kSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

Result<void> verified(const VerifyRule& rule, const Headers& headers, const std::string& body = kBody, Instant now = kNow,
                      const std::vector<Secret>& secrets = {kSecret}, const std::string& url = kUrl) {
  std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(), headers.end());
  return verify(rule, secrets, SignedRequest{body, views, url}, now);
}

Headers signed_by(const VerifyRule& rule, const Secret& secret = kSecret) {
  auto signature = sign(rule, secret, {kBody, "msg_1", kUrl}, kNow);
  REQUIRE(signature);
  return signature->headers;
}

std::string code_of(const Result<void>& result) { return result ? "accepted" : result.error().code; }

/// A request that is signed as its scheme's sender would do it, to be tampered with.
struct Request {
  explicit Request(const SchemeCase& one) : rule(one.rule), secrets{one.verifying} {
    auto signature = sign(one.rule, one.signing, {kBody, "msg_1", kUrl}, kNow);
    REQUIRE(signature);
    headers = signature->headers;
    if (!signature->url.empty()) url = signature->url;
  }
  [[nodiscard]] std::string outcome() const { return code_of(verified(rule, headers, body, now, secrets, url)); }

  VerifyRule rule;
  std::vector<Secret> secrets;
  Headers headers;
  std::string body = kBody;
  std::string url = kUrl;
  Instant now = kNow;
};

bool carries_proof(const std::string& header) {
  return header != "X-GitHub-Delivery" && header != "X-Shopify-Event-Id" && header != "I-Twilio-Idempotency-Token";
}

}  // namespace

TEST_CASE("what a scheme signs it verifies, under whatever case the headers have") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    Request request(one);
    CHECK(request.outcome() == "accepted");
    for (auto& [name, value] : request.headers) std::transform(name.begin(), name.end(), name.begin(), ::toupper);
    CHECK(request.outcome() == "accepted");
  }
}

TEST_CASE("another secret, a changed byte and no signature are refused") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    Request request(one);
    request.secrets = {one.other};
    CHECK(request.outcome() == "signature_mismatch");
    request.secrets = {one.verifying};
    request.body += " ";
    CHECK(request.outcome() == (one.signs_body ? "signature_mismatch" : "accepted"));
    request.headers.clear();
    request.url = kUrl + "/";
    CHECK(request.outcome() == "signature_missing");
  }
}

TEST_CASE("an empty header is refused, and so are one of a megabyte and one of bytes that are no text") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    const Request good(one);
    for (std::size_t i = 0; i < good.headers.size(); ++i) {
      if (!carries_proof(good.headers[i].first)) continue;
      for (const std::string& value : {std::string(), std::string(" "), std::string(1 << 20, 'A'), std::string("\xff\xfe\0", 3),
                                       std::string(100'000, ','), std::string(50'000, ' ') + "v1,"}) {
        Request request = good;
        request.headers[i].second = value;
        CHECK(request.outcome() != "accepted");
      }
    }
  }
}

TEST_CASE("a body of any bytes is signed as it is") {
  const std::string bytes("\xff\xfe\0\r\n{\"", 7);
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    Request request(one);
    const auto signature = sign(one.rule, one.signing, {bytes, "msg_1", kUrl}, kNow);
    REQUIRE(signature);
    request.headers = signature->headers;
    request.body = bytes;
    if (!signature->url.empty()) request.url = signature->url;
    CHECK(request.outcome() == "accepted");
    request.body.pop_back();
    CHECK(request.outcome() == (one.signs_body ? "signature_mismatch" : "accepted"));
  }
}

TEST_CASE("either of two secrets is right while one is being replaced") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    Request request(one);
    request.secrets = {one.other, one.verifying};
    CHECK(request.outcome() == "accepted");
    request.secrets = {one.verifying, one.other};
    CHECK(request.outcome() == "accepted");
  }
}

TEST_CASE("an empty secret verifies nothing and signs nothing") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    Request request(one);
    request.secrets = {Secret()};
    CHECK(request.outcome() == "signature_mismatch");
    request.secrets = {};
    CHECK(request.outcome() == "signature_mismatch");
    CHECK_FALSE(sign(one.rule, Secret(), {kBody, "msg_1", kUrl}, kNow));
    for (const char* blank : {"", " ", "\n"}) CHECK(check_secret(one.rule, Secret(blank)).error().code == "verify_secret");
    CHECK(check_secret(one.rule, one.verifying));
  }
  // HMAC under the empty key, as somebody would send who knows that none is set.
  const std::array<std::string_view, 1> parts = {kBody};
  const std::string forged = hex_encode(hmac(Digest::kSha256, "", parts).view());
  CHECK_FALSE(verified(rule_of(Scheme::kGithub), {{"X-Hub-Signature-256", "sha256=" + forged}}, kBody, kNow, {Secret()}));
}

TEST_CASE("a signature is fresh for 300 seconds, in both directions") {
  for (const SchemeCase& one : scheme_cases()) {
    if (!one.timed) continue;
    CAPTURE(one.what);
    Request request(one);
    for (const int seconds : {300, -300}) {
      request.now = kNow + std::chrono::seconds(seconds);
      CHECK(request.outcome() == "accepted");
    }
    for (const int seconds : {301, -301}) {
      request.now = kNow + std::chrono::seconds(seconds);
      CHECK(request.outcome() == "timestamp_outside_tolerance");
    }
  }
  const auto old = verified(rule_of(Scheme::kSlack), signed_by(rule_of(Scheme::kSlack)), kBody, kNow + std::chrono::seconds(312));
  CHECK(old.error().message == "timestamp is 312 s old, more than 300 s");
}

TEST_CASE("a header that is there twice is refused, even when both are right") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    const Request good(one);
    for (const auto& header : good.headers) {
      if (!carries_proof(header.first)) continue;
      Request request = good;
      request.headers.push_back(header);
      CHECK(request.outcome() == "signature_malformed");
    }
  }
}

TEST_CASE("a reason never tells the secret or the digest that was expected") {
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    const Request request(one);
    const auto refused = verified(one.rule, request.headers, kBody + "x", kNow, {one.other}, request.url);
    REQUIRE_FALSE(refused);
    CHECK(to_string(refused.error()).find(std::string(one.other.reveal().substr(0, 24))) == std::string::npos);
    CHECK(refused.error().kind == ErrorKind::kUnauthenticated);
  }
}

TEST_CASE("github: SHA-1 alone and anything but 64 hexadecimal digits are refused") {
  const VerifyRule rule = rule_of(Scheme::kGithub);
  const std::string good = signed_by(rule).front().second;
  const auto with = [&](const std::string& value) { return code_of(verified(rule, {{"x-hub-signature-256", value}})); };
  CHECK(with(good) == "accepted");
  CHECK(with(" " + good + " ") == "accepted");
  CHECK(with(good.substr(7)) == "signature_malformed");
  CHECK(with("sha1=" + good.substr(7)) == "signature_malformed");
  CHECK(with(good + "0") == "signature_malformed");
  CHECK(with(good.substr(0, good.size() - 2)) == "signature_mismatch");
  CHECK(with("sha256=") == "signature_mismatch");
  CHECK(with("") == "signature_malformed");
  CHECK(code_of(verified(rule, {{"X-Hub-Signature", "sha1=0123456789012345678901234567890123456789"}})) == "signature_missing");
}

TEST_CASE("stripe: the list is read strictly, any v1 may be right, v0 proves nothing") {
  const VerifyRule rule = rule_of(Scheme::kStripe);
  const std::string good = signed_by(rule).front().second;
  const std::string time = good.substr(0, good.find(','));
  const std::string digest = good.substr(good.find("v1=") + 3);
  const auto with = [&](const std::string& value) { return code_of(verified(rule, {{"Stripe-Signature", value}})); };
  CHECK(with(time + ",v1=" + std::string(64, '0') + ",v1=" + digest + ",v0=xyz,new=1") == "accepted");
  CHECK(with(time + ",v1=nonsense,v1=" + digest) == "accepted");
  CHECK(with(time + ",v0=" + digest) == "signature_missing");
  CHECK(with("v1=" + digest) == "timestamp_missing");
  CHECK(with(time + "," + time + ",v1=" + digest) == "signature_malformed");
  CHECK(with(good + ",") == "signature_malformed");
  CHECK(with("") == "signature_malformed");
  for (const char* bad : {"t=+1700000000", "t=-1", "t=1700000000.5", "t=0x6553f100", "t=1700000000000000000000", "t= 1700000000"}) {
    CHECK(with(std::string(bad) + ",v1=" + digest) == "signature_malformed");
  }
}

TEST_CASE("slack: only v0 and a timestamp header will do") {
  const VerifyRule rule = rule_of(Scheme::kSlack);
  Headers headers = signed_by(rule);
  REQUIRE(headers[0].first == "X-Slack-Request-Timestamp");
  CHECK(code_of(verified(rule, {headers[1]})) == "timestamp_missing");
  CHECK(code_of(verified(rule, {headers[0]})) == "signature_missing");
  headers[1].second.replace(0, 2, "v1");
  CHECK(code_of(verified(rule, headers)) == "signature_malformed");
}

TEST_CASE("standard-webhooks: one valid of several signatures is enough, other versions are passed over") {
  const VerifyRule rule = rule_of(Scheme::kStandardWebhooks);
  Headers headers = signed_by(rule);
  const std::string good = headers[2].second;
  const auto with = [&](const std::string& value) {
    headers[2].second = value;
    return code_of(verified(rule, headers));
  };
  CHECK(with("v1,AAAA v1a,xyz v2," + good.substr(3) + " " + good) == "accepted");
  CHECK(with("v2," + good.substr(3)) == "signature_malformed");
  CHECK(with("v1a," + good.substr(3)) == "signature_mismatch");
  CHECK(with("v1,") == "signature_mismatch");
  CHECK(with("v1") == "signature_malformed");
  CHECK(with(good.substr(0, good.size() - 4)) != "accepted");
  headers[0].second = "";
  CHECK(with(good) == "signature_malformed");
}

TEST_CASE("standard-webhooks: a secret is base64 with or without whsec_, and nothing else") {
  const VerifyRule rule = rule_of(Scheme::kStandardWebhooks);
  const Secret bare("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  CHECK(verified(rule, signed_by(rule), kBody, kNow, {bare}));
  CHECK_FALSE(sign(rule, Secret("whsec_not base64!"), {kBody, "msg_1"}, kNow));
  CHECK_FALSE(verified(rule, signed_by(rule), kBody, kNow, {Secret("whsec_not base64!")}));
  CHECK_FALSE(verified(rule, signed_by(rule), kBody, kNow, {Secret("whsec_")}));
}

TEST_CASE("hmac: every algorithm and encoding verifies what it signs") {
  for (const char* algorithm : {"sha1", "sha256", "sha384", "sha512"}) {
    for (const char* encoding : {"hex", "base64"}) {
      VerifyRule rule = rule_of(Scheme::kHmac);
      rule.algorithm = algorithm;
      rule.encoding = encoding;
      CHECK(verified(rule, signed_by(rule)));
    }
  }
}

// RFC 4231, test cases 2 and 6 (a key longer than the block), RFC 2202 for SHA-1.
TEST_CASE("hmac gives the RFCs' vectors") {
  const std::array<std::string_view, 2> parts = {"what do ya want ", "for nothing?"};
  CHECK(hex_encode(hmac(Digest::kSha1, "Jefe", parts).view()) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(hex_encode(hmac(Digest::kSha256, "Jefe", parts).view()) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex_encode(hmac(Digest::kSha384, "Jefe", parts).view()) ==
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  CHECK(hex_encode(hmac(Digest::kSha512, "Jefe", parts).view()) ==
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
  const std::array<std::string_view, 1> long_key = {"Test Using Larger Than Block-Size Key - Hash Key First"};
  CHECK(hex_encode(hmac(Digest::kSha256, std::string(131, '\xaa'), long_key).view()) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("hmac: a body that looks like the template is not filled in again") {
  const VerifyRule rule = timed_hmac();
  const std::string body = "{timestamp}{body}";
  const auto signature = sign(rule, kSecret, {body}, kNow);
  REQUIRE(signature);
  CHECK(verified(rule, signature->headers, body));
  CHECK_FALSE(verified(rule, signature->headers, "1700000000{body}"));
}

TEST_CASE("hmac: a rule that could not prove anything is refused before it is used") {
  const auto broken = [](auto change) {
    VerifyRule rule = timed_hmac();
    change(rule);
    const auto checked = check(rule);
    return !checked && checked.error().code == "verify_rule" && !verified(rule, signed_by(timed_hmac()));
  };
  CHECK(check(timed_hmac()));
  CHECK(broken([](VerifyRule& rule) { rule.algorithm = "md5"; }));
  CHECK(broken([](VerifyRule& rule) { rule.encoding = "base32"; }));
  CHECK(broken([](VerifyRule& rule) { rule.header = ""; }));
  CHECK(broken([](VerifyRule& rule) { rule.payload = "{timestamp}"; }));
  CHECK(broken([](VerifyRule& rule) { rule.payload = "{body}"; }));
  CHECK(broken([](VerifyRule& rule) { rule.timestamp_header = ""; }));
}

TEST_CASE("bearer: the scheme's case does not matter, the token's does") {
  const VerifyRule rule = rule_of(Scheme::kBearer);
  const auto with = [&](const std::string& value) {
    return code_of(verified(rule, {{"Authorization", value}}, kBody, kNow, {Secret("s3cret-Token")}));
  };
  CHECK(with("Bearer s3cret-Token") == "accepted");
  CHECK(with("bearer  s3cret-Token") == "accepted");
  CHECK(with("Bearer s3cret-token") == "signature_mismatch");
  CHECK(with("Bearer s3cret-Token2") == "signature_mismatch");
  CHECK(with("Bearer ") == "signature_malformed");
  CHECK(with("Basic s3cret-Token") == "signature_malformed");
  CHECK(with("s3cret-Token") == "signature_malformed");
}

TEST_CASE("none accepts everybody and adds no header") {
  CHECK(verified(rule_of(Scheme::kNone), {}));
  CHECK(sign(rule_of(Scheme::kNone), Secret(), {kBody}, kNow)->headers.empty());
}

TEST_CASE("schemes are read by the names they are written with") {
  for (const std::string_view name : scheme_names()) CHECK(scheme_name(*scheme_from_name(name)) == name);
  CHECK(scheme_names().size() == 13);
  CHECK_FALSE(scheme_from_name("GitHub"));
}

TEST_CASE("each scheme knows where its delivery id is") {
  CHECK(delivery_id(Scheme::kGithub).header == "X-GitHub-Delivery");
  CHECK(delivery_id(Scheme::kStandardWebhooks).header == "webhook-id");
  CHECK(delivery_id(Scheme::kStripe).body_keys == std::vector<std::string_view>{"id"});
  CHECK(delivery_id(Scheme::kSlack).body_keys == std::vector<std::string_view>{"event_id", "trigger_id"});
  CHECK(delivery_id(Scheme::kShopify).header == "X-Shopify-Event-Id");
  CHECK(delivery_id(Scheme::kTwilio).header == "I-Twilio-Idempotency-Token");
  CHECK(delivery_id(Scheme::kDiscord).body_keys == std::vector<std::string_view>{"id"});
  CHECK(delivery_id(Scheme::kHmac).header.empty());
  CHECK(delivery_id(Scheme::kHmac).body_keys.empty());
}
