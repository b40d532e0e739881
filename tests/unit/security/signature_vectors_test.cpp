// The providers' own vectors, where they are at hand.
#include <fstream>
#include <sstream>

#include "core/base/json.h"
#include "core/security/signature.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::security;

TEST_CASE("the providers' vectors are accepted and refused as they say") {
  std::ifstream file(std::string(IPAAS_VECTORS_DIR) + "/signatures/signatures.json");
  if (!file) {
    WARN("no vectors at " IPAAS_VECTORS_DIR ", skipped");
    return;
  }
  std::stringstream text;
  text << file.rdbuf();
  const auto rows = parse_json(text.str());
  REQUIRE(rows);
  int checked = 0;
  for (const Json& row : *rows) {
    const auto scheme = scheme_from_name(row.at("scheme").get<std::string>());
    if (!scheme) continue;
    CAPTURE(row.dump());
    VerifyRule rule;
    rule.scheme = *scheme;
    const std::string body = row.at("body").get<std::string>();
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& [name, value] : row.at("headers").items()) headers.emplace_back(name, value.get<std::string>());
    const std::vector<std::pair<std::string_view, std::string_view>> views(headers.begin(), headers.end());
    const Instant now = from_millis(row.value("now", std::int64_t{0}) * 1000);
    const auto verified = verify(rule, {Secret(row.at("secret").get<std::string>())}, SignedRequest{body, views}, now);
    CHECK(verified.has_value() == row.at("valid").get<bool>());
    ++checked;
  }
  CHECK(checked > 0);
}
