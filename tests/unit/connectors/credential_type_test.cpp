#include "core/connectors/credential_type.h"

#include <algorithm>

#include "core/connectors/catalog.h"
#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"

using namespace ipaas;
using namespace ipaas::connectors;
using namespace ipaas::test;

namespace {

const CredentialType& type_of(std::string_view name) {
  static const auto catalog = Catalog::built_in();
  REQUIRE(catalog);
  const auto* type = catalog->credential_type(name);
  REQUIRE(type != nullptr);
  return *type;
}

bool accepts(std::string_view type, std::string_view fields) {
  const auto checked = check_credential(type_of(type), json(fields));
  if (!checked) {
    CHECK(checked.error().code == "input_invalid");
    CHECK(to_string(checked.error()).find("hunter2") == std::string::npos);
  }
  return checked.has_value();
}

std::vector<std::string> secrets(std::string_view type, std::string_view fields) {
  std::vector<std::string> texts;
  for (const auto& secret : secret_values(type_of(type), json(fields))) texts.emplace_back(secret.reveal());
  return texts;
}

}  // namespace

TEST_CASE("each type takes its own fields") {
  CHECK(accepts("generic", R"({"anything": {"deep": ["hunter2"]}, "port": 587, "on": true})"));
  CHECK(accepts("generic", R"({"secret": "whsec_hunter2", "previous": "hunter2-old"})"));
  CHECK(accepts("bearer", R"({"token": "hunter2"})"));
  CHECK(accepts("basic", R"({"username": "me", "password": "hunter2"})"));
  CHECK(accepts("api-key", R"({"name": "X-API-Key", "value": "hunter2", "in": "query"})"));
  CHECK(accepts("slack", R"({"token": "hunter2"})"));
  CHECK(accepts("slack", R"({"webhook_url": "https://hooks.slack.com/hunter2"})"));
  CHECK(accepts("discord", R"({"bot_token": "hunter2"})"));
  CHECK(accepts("openweather", R"({"api_key": "hunter2"})"));
  CHECK(accepts("bearer", R"({"token": "hunter2", "base_url": "http://127.0.0.1:80/x", "hosts": ["*.a.example", "b.example"]})"));
}

TEST_CASE("what a type does not know, misses or cannot use is refused without its value") {
  CHECK_FALSE(accepts("bearer", R"({"tokne": "hunter2"})"));
  CHECK_FALSE(accepts("bearer", R"({})"));
  CHECK_FALSE(accepts("bearer", R"(["hunter2"])"));
  CHECK_FALSE(accepts("bearer", R"({"token": {"a": "hunter2"}})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2\n"})"));
  CHECK_FALSE(accepts("bearer", R"({"token": ""})"));
  CHECK_FALSE(accepts("slack", R"({"token": "hunter2", "webhook_url": "https://hunter2.example"})"));
  CHECK_FALSE(accepts("slack", R"({})"));
  CHECK_FALSE(accepts("slack", R"({"webhook_url": "hunter2"})"));
  CHECK_FALSE(accepts("slack", R"({"webhook_url": "https://u:hunter2@x.example"})"));
  CHECK_FALSE(accepts("basic", R"({"username": "a:b", "password": "hunter2"})"));
  CHECK_FALSE(accepts("api-key", R"({"name": "X Key", "value": "hunter2"})"));
  CHECK_FALSE(accepts("api-key", R"({"name": "X", "value": "hunter2", "in": "body"})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "base_url": "hunter2"})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "base_url": "https://a.example?k=hunter2"})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "hosts": ["https://a.example"]})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "hosts": ["*"]})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "hosts": []})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "hunter2", "hosts": 5})"));
}

TEST_CASE("a secret too short to be masked is refused, a short name is not") {
  CHECK_FALSE(accepts("bearer", R"({"token": "abc"})"));
  CHECK_FALSE(accepts("bearer", R"({"token": "äbc"})"));
  CHECK_FALSE(accepts("generic", R"({"x": ["abc"]})"));
  CHECK(accepts("basic", R"({"username": "a", "password": "hunter2"})"));
}

TEST_CASE("the masker learns every text of every secret field") {
  CHECK(secrets("basic", R"({"username": "aladdin", "password": "hunter2", "base_url": "https://a.example"})") ==
        std::vector<std::string>{"hunter2"});
  CHECK(secrets("generic", R"({"a": {"b": ["one-secret", 5]}, "secret": "two-secret", "hosts": ["a.example"]})") ==
        std::vector<std::string>{"one-secret", "two-secret"});
  CHECK(secrets("api-key", R"({"name": "X-API-Key", "value": "hunter2", "in": "header"})") == std::vector<std::string>{"hunter2"});
  CHECK(secrets("slack", R"({"webhook_url": "https://hooks.slack.com/x"})") ==
        std::vector<std::string>{"https://hooks.slack.com/x"});
}

TEST_CASE("the catalog knows its connectors, actions and types") {
  const auto catalog = Catalog::built_in();
  REQUIRE(catalog);
  CHECK(catalog->connectors() == std::vector<std::string>{"http", "slack"});
  CHECK(catalog->actions("slack") == std::vector<std::string>{"post-message", "webhook"});
  CHECK(catalog->actions("nothing").empty());
  CHECK(catalog->action("slack", "nothing") == nullptr);
  REQUIRE(catalog->action("slack", "webhook") != nullptr);
  CHECK(catalog->action("slack", "webhook")->credential_required);
  CHECK(catalog->credential_type("nothing") == nullptr);
}
