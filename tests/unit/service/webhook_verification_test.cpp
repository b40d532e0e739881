// What the language says of a signature, and what a credential holds, as the signatures take it.
#include "core/service/webhook_verification.h"

#include "core/connectors/catalog.h"
#include "core/language/workflow_parser.h"
#include "core/security/signature_options.h"
#include "tests/support/catch.h"
#include "tests/support/signature_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

language::WebhookOn hook(const std::string& verify) {
  static const auto catalog = connectors::Catalog::built_in().value();
  const auto parsed = language::parse_workflows("name: w\non: { webhook: { verify: { " + verify + " } } }\nsteps: [ { log: hi } ]\n", "f", catalog);
  INFO(verify << (parsed ? "" : to_string(parsed.error().front())));
  REQUIRE(parsed);
  return *parsed->front()->webhook;
}

std::string texts(const std::vector<Secret>& secrets) {
  std::string all;
  for (const Secret& secret : secrets) all += std::string(secret.reveal()) + " ";
  return all;
}

}  // namespace

TEST_CASE("the language has every scheme that there is, and each option of it") {
  for (const std::string_view name : security::scheme_names()) {
    const auto scheme = *security::scheme_from_name(name);
    std::string verify = "scheme: " + std::string(name) + (name == "none" ? "" : ", credential: c");
    for (const std::string_view key : security::option_keys(scheme)) {
      const std::string value = key == "algorithm" ? (name == "jwt" ? "ES384" : "sha512")
                                : key == "encoding" ? "base64"
                                : key == "payload"  ? "'{timestamp}.{body}'"
                                : key == "tolerance" || key == "leeway" ? "90s"
                                                                        : "X-Value";
      verify += ", " + std::string(key) + ": " + value;
    }
    const auto rule = service::verify_rule(hook(verify));
    CHECK(rule.scheme == scheme);
    CHECK(security::check(rule));
  }
}

TEST_CASE("the options of a workflow reach the rule") {
  const auto jwt = service::verify_rule(hook("scheme: jwt, credential: c, algorithm: ES256, audience: us, issuer: them, leeway: 90s"));
  CHECK(jwt.algorithm == "ES256");
  CHECK(jwt.audience == "us");
  CHECK(jwt.issuer == "them");
  CHECK(jwt.leeway == std::chrono::seconds(90));
  const auto hmac = service::verify_rule(
      hook("scheme: hmac, credential: c, algorithm: sha1, header: X-H, encoding: base64, prefix: p=, timestamp-header: X-T, tolerance: 1m, payload: '{timestamp}{body}'"));
  CHECK(hmac.algorithm == "sha1");
  CHECK(hmac.header == "X-H");
  CHECK(hmac.encoding == "base64");
  CHECK(hmac.prefix == "p=");
  CHECK(hmac.timestamp_header == "X-T");
  CHECK(hmac.tolerance == std::chrono::minutes(1));
  CHECK(hmac.payload == "{timestamp}{body}");
}

TEST_CASE("the key in force comes before the one that it replaces") {
  using security::Scheme;
  const auto keys = [](Scheme scheme, const Json& fields) { return texts(service::verify_secrets(rule_of(scheme), fields)); };
  CHECK(keys(Scheme::kGithub, {{"previous", "old"}, {"secret", "new"}}) == "new old ");
  CHECK(keys(Scheme::kDiscord, {{"public_key", "new"}, {"previous", "old"}, {"note", "x"}}) == "new old ");
  CHECK(keys(Scheme::kBearer, {{"token", "t"}}) == "t ");
  CHECK(keys(Scheme::kBasic, {{"username", "u"}, {"password", "p:q"}}) == "u:p:q ");
  CHECK(keys(Scheme::kGithub, {{"secret", ""}, {"previous", 7}}).empty());
  CHECK(service::subscription_token({{"verify_token", "knock"}}).reveal() == "knock");
  CHECK(service::subscription_token(Json::object()).empty());
}

TEST_CASE("a credential verifies with a key of the scheme, not with the one that is on its way out alone") {
  const auto code = [](const std::string& verify, const Json& fields) {
    const auto checked = service::check_verification(hook(verify), fields);
    return checked ? std::string("verifies") : checked.error().code;
  };
  CHECK(code("scheme: github, credential: c", {{"secret", "s"}}) == "verifies");
  CHECK(code("scheme: github, credential: c", {{"secret", " \t"}}) == "credential_empty");
  CHECK(code("scheme: github, credential: c", {{"previous", "old"}}) == "credential_empty");
  CHECK(code("scheme: discord, credential: c", {{"secret", "s"}}) == "credential_unfit");
  CHECK(code("scheme: discord, credential: c", {{"secret", "s"}, {"public_key", kPublicHex}}) == "verifies");
  CHECK(code("scheme: jwt, credential: c, algorithm: HS256", {{"secret", kRsaPublic}}) == "credential_unfit");
  CHECK(code("scheme: jwt, credential: c, algorithm: RS256", {{"public_key", kRsaPublic}}) == "verifies");
}

TEST_CASE("a public key is never taken for a shared secret") {
  using security::Scheme;
  const std::string bare = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const auto code = [](const std::string& scheme, const Json& fields) {
    const auto checked = service::check_verification(hook("scheme: " + scheme + ", credential: c"), fields);
    return checked ? std::string("verifies") : checked.error().code;
  };
  for (const char* scheme : {"github", "slack", "stripe", "shopify", "twilio", "hmac", "bearer", "basic", "url-token",
                             "standard-webhooks", "jwt, algorithm: HS256"}) {
    INFO(scheme);
    CHECK(code(scheme, {{"public_key", bare}}) == "credential_unfit");
    const auto rule = service::verify_rule(hook("scheme: " + std::string(scheme) + ", credential: c"));
    CHECK(service::verify_secrets(rule, {{"public_key", bare}}).empty());
    CHECK(service::verify_secrets(rule, {{"public_key", bare}, {"previous", "old"}}).empty());
    CHECK(texts(service::verify_secrets(rule, {{"public_key", bare}, {"secret", "new"}, {"previous", "old"}})) == "new old ");
  }
  CHECK(code("standard-webhooks", {{"public_key", "whpk_" + bare}}) == "verifies");
  CHECK(code("standard-webhooks", {{"public_key", "whpk_AAAA"}}) == "credential_unfit");
  CHECK(texts(service::verify_secrets(rule_of(Scheme::kStandardWebhooks), {{"public_key", "whpk_a"}, {"previous", "whpk_b"}})) == "whpk_a whpk_b ");
  CHECK(texts(service::verify_secrets(jwt_rule("EdDSA"), {{"public_key", kEdPublic}})) == std::string(kEdPublic) + " ");
}
