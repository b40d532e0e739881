#include "core/security/json_masking.h"

#include <string>

#include "tests/support/catch.h"

using namespace ipaas;

namespace {

security::Masker masker_of(const std::string& secret) { return security::Masker({Secret(secret)}, {}); }

}  // namespace

TEST_CASE("a registered value is masked in texts at every level and in names") {
  const auto masker = masker_of("s3cr3t-value");
  const Json value = {{"a", Json::array({"x s3cr3t-value y", 7, nullptr})}, {"s3cr3t-value", true}};
  const Json masked = security::mask_json(masker, value);
  CHECK(masked.dump().find("s3cr3t-value") == std::string::npos);
  CHECK(masked["a"][0] == "x ***REDACTED*** y");
  CHECK(masked["a"][1] == 7);
  CHECK(masked["***REDACTED***"] == true);
}

TEST_CASE("what stands under a secret name is replaced whole and stays JSON") {
  const security::Masker masker;
  const Json masked = security::mask_json(masker, Json{{"password", "abc"}, {"apiKey", 12345}, {"max_tokens", 5}});
  CHECK(masked["password"] == "***REDACTED***");
  CHECK(masked["apiKey"] == "***REDACTED***");
  CHECK(masked["max_tokens"] == 5);
  CHECK(Json::parse(masked.dump()) == masked);
}

TEST_CASE("an object of a hundred thousand members is masked, in their order") {
  // Looking for an equal name at each insertion took a minute; the suite's time limit would say so.
  const security::Masker masker;
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  const auto value = parse_json(text + "}");
  REQUIRE(value);
  const Json masked = security::mask_json(masker, *value);
  REQUIRE(masked.size() == 100'000);
  CHECK(masked.begin().key() == "k0");
}
