// The schema says what the parser's own tables say. What it accepts and refuses is tested with ajv, in tests/clients.
#include "core/language/schema.h"

#include <functional>

#include "core/language/expression/function_docs.h"
#include "core/language/parser/key_table.h"
#include "tests/support/catch.h"
#include "tests/support/fake_catalog.h"

using namespace ipaas;

namespace {

const Json& schema() {
  static const Json made = language::workflow_schema(test::FakeCatalog());
  return made;
}

void check_table(const std::string& definition, const language::KeyTable& table) {
  INFO(definition);
  const Json& object = schema()["definitions"][definition];
  CHECK(object["properties"].size() == table.rules.size());
  CHECK(object["additionalProperties"] == false);
  for (const language::KeyRule& rule : table.rules) {
    INFO(rule.name);
    CHECK(object["properties"][std::string(rule.name)]["description"] == rule.description);
  }
}

}  // namespace

TEST_CASE("every key of every table is in the schema, with its description") {
  check_table("workflow", language::workflow_keys());
  check_table("step", language::step_keys());
  check_table("input", language::input_keys());
  check_table("schedule", language::schedule_keys());
  check_table("key on", language::on_keys());
  check_table("key webhook", language::webhook_keys());
  check_table("key verify", language::verify_keys());
  check_table("key workflow", language::workflow_trigger_keys());
  check_table("key retry", language::retry_keys());
  check_table("key wait-for", language::wait_for_keys());
  check_table("key approval", language::approval_keys());
}

TEST_CASE("every function is in the schema, as its row documents it") {
  const Json& functions = schema()["definitions"]["expression"]["x-functions"];
  CHECK(functions.size() == language::function_docs().size());
  for (const language::FunctionDoc& function : language::function_docs()) {
    INFO(function.name);
    CHECK(functions[std::string(function.name)]["signature"] == language::signature_of(function));
    CHECK(functions[std::string(function.name)]["example"] == function.example);
  }
}

TEST_CASE("every reference of the schema leads somewhere") {
  const Json& definitions = schema()["definitions"];
  const std::function<void(const Json&)> walk = [&](const Json& node) {
    if (node.is_object() && node.contains("$ref")) {
      const auto target = node["$ref"].get<std::string>();
      INFO(target);
      CHECK(definitions.contains(target.substr(std::string("#/definitions/").size())));
    }
    if (node.is_structured()) {
      for (const Json& child : node) walk(child);
    }
  };
  walk(schema());
}

TEST_CASE("a connector's schema has its actions; there is none for an unknown connector") {
  const Json slack = language::connector_schema(test::FakeCatalog(), "slack");
  CHECK(slack["definitions"].contains("slack/post-message"));
  CHECK_FALSE(slack["definitions"].contains("http/request"));
  CHECK(language::connector_schema(test::FakeCatalog(), "slak").is_null());
}
