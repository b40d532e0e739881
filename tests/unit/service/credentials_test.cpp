// Credentials go in and do not come out.
#include "core/service/views.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("a credential is kept with its fields and shown without them") {
  ServiceCase with;
  const auto made = service::create_credential(with.owner(), "ops", "slack", Json{{"token", "xoxb-secret-value"}});
  REQUIRE(made);
  CHECK(with.runtime.credential_changes == 1);
  CHECK(with.reader->credential(kTenant, "ops")->fields.reveal().find("xoxb-secret-value") != std::string_view::npos);
  const auto listed = service::list_credentials(with.owner());
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().fields.empty());
  for (const auto& view : {service::view(*made), service::view(listed->front())}) {
    CHECK(dump_json(view).find("xoxb") == std::string::npos);
    CHECK(view["name"] == "ops");
    CHECK(view["type"] == "slack");
    CHECK_FALSE(view.contains("fields"));
  }
}

TEST_CASE("what is wrong with a new credential is said without its values") {
  ServiceCase with;
  const auto [name, type, fields, code] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"Ops", "slack", R"({"token":"xoxb-secret-value"})", "bad_name"},
      {"", "slack", R"({"token":"xoxb-secret-value"})", "bad_name"},
      {"-x", "slack", R"({"token":"xoxb-secret-value"})", "bad_name"},
      {std::string(64, 'a'), "slack", R"({"token":"xoxb-secret-value"})", "bad_name"},
      {"ops", "slak", R"({"token":"xoxb-secret-value"})", "unknown_credential_type"},
      {"ops", "slack", R"({"tokne":"xoxb-secret-value"})", "*"},
      {"ops", "slack", R"({})", "*"},
      {"ops", "bearer", R"({"token":"abc"})", "*"},  // shorter than the masker can hide
  }));
  INFO(name << " " << type << " " << fields);
  const auto made = service::create_credential(with.owner(), name, type, parse_json(fields).value());
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::kInvalid);
  if (code != "*") CHECK(made.error().code == code);
  CHECK(to_string(made.error()).find("secret-value") == std::string::npos);
  CHECK(with.runtime.credential_changes == 0);
}

TEST_CASE("a misspelt credential type gets a suggestion") {
  ServiceCase with;
  const auto made = service::create_credential(with.owner(), "ops", "slak", Json::object());
  CHECK(made.error().hint == "did you mean 'slack'");
}

TEST_CASE("a name is taken until its credential is deleted, and a used one is not deleted") {
  ServiceCase with;
  const Json fields = {{"token", "xoxb-secret-value"}};
  REQUIRE(service::create_credential(with.owner(), "ops", "slack", fields));
  CHECK(service::create_credential(with.owner(), "ops", "slack", fields).error().kind == ErrorKind::kConflict);
  REQUIRE(with.apply({workflow_text("tell", "{ manual: {} }", kSlackSteps)}) == "created tell");
  const auto used = service::delete_credential(with.owner(), "ops");
  REQUIRE_FALSE(used);
  CHECK(used.error().kind == ErrorKind::kConflict);
  CHECK(used.error().message == "the workflow 'tell' uses the credential 'ops'");
  REQUIRE(service::delete_workflow(with.owner(), "tell"));
  CHECK(service::delete_credential(with.owner(), "ops"));
  CHECK(service::delete_credential(with.owner(), "ops").error().kind == ErrorKind::kNotFound);
  CHECK(service::create_credential(with.owner(), "ops", "slack", fields));
}
