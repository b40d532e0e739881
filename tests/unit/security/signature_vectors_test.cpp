// The providers' own vectors, where they are at hand.
#include <strings.h>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/security/signature.h"
#include "tests/support/catch.h"
#include "tests/support/vectors.h"

using namespace ipaas;
using namespace ipaas::security;

namespace {

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) out += "%" + hex_encode(std::string(1, c));
  return out;
}

/// The form that a row's `params`, an object or a list of pairs, were sent as.
std::string form_of(const Json& params) {
  std::string form;
  const auto add = [&](const std::string& name, const std::string& value) {
    form += (form.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  };
  if (params.is_object()) {
    for (const auto& [name, value] : params.items()) add(name, value.get<std::string>());
  } else {
    for (const Json& pair : params) add(pair[0], pair[1]);
  }
  return form;
}

std::string text_of(const Json& row, const char* key) { return row.value(key, std::string()); }

/// `jwt-hs256` is scheme and algorithm in one.
VerifyRule rule_of(std::string name) {
  VerifyRule rule;
  if (name.starts_with("jwt-")) {
    for (const char* algorithm : {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"}) {
      if (::strcasecmp(algorithm, name.c_str() + 4) == 0) rule.algorithm = algorithm;
    }
    name = "jwt";
  }
  const auto scheme = scheme_from_name(name);
  INFO(name);
  REQUIRE(scheme);
  rule.scheme = *scheme;
  return rule;
}

Secret secret_of(const Json& row) {
  if (row.contains("jwk_k")) return Secret(base64_decode(text_of(row, "jwk_k"), Base64Alphabet::kUrl).value());
  if (row.contains("user")) return Secret(text_of(row, "user") + ":" + text_of(row, "password"));
  return Secret(text_of(row, "secret") + text_of(row, "public_key"));
}

}  // namespace

TEST_CASE("the providers' vectors are accepted and refused as they say") {
  const auto rows = test::read_vectors("signatures/signatures.json");
  if (!rows) return;
  for (const Json& row : *rows) {
    CAPTURE(row.dump());
    const std::string body = row.contains("params") ? form_of(row["params"]) : text_of(row, "body");
    std::vector<std::pair<std::string, std::string>> headers;
    const Json sent = row.value("headers", Json::object());
    for (const auto& [name, value] : sent.items()) headers.emplace_back(name, value.get<std::string>());
    if (row.contains("token")) headers.emplace_back("Authorization", "Bearer " + text_of(row, "token"));
    const std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(), headers.end());
    const std::string url = text_of(row, "url");
    const Instant now = from_millis(row.value("now", std::int64_t{0}) * 1000);
    const auto verified =
        verify(rule_of(row.at("scheme")), {secret_of(row)}, SignedRequest{body, views, url}, now);
    CHECK(verified.has_value() == row.at("valid").get<bool>());
  }
}
