// What tests of expressions share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time_text.h"
#include "core/language/expression/expression.h"
#include "tests/support/catch.h"

namespace ipaas::language::test {

inline const ExpressionScope kAnything{{}, true, true};

inline Json parsed(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return std::move(*value);
}

/// The contexts of a step at 2026-01-31T09:30:00Z, which keeps what is masked.
class StepContext final : public JsonContext {
 public:
  explicit StepContext(const Json& contexts, std::string seed = "ex_1/a") : JsonContext(contexts), seed_(std::move(seed)) {}
  [[nodiscard]] std::optional<Instant> now() const override { return parse_instant("2026-01-31T09:30:00Z").value(); }
  [[nodiscard]] std::optional<std::string> uuid_seed() const override { return seed_; }
  [[nodiscard]] bool mask(std::string_view text) const override {
    masked_.emplace_back(text);
    return true;
  }
  [[nodiscard]] const std::vector<std::string>& masked() const { return masked_; }

 private:
  std::string seed_;
  mutable std::vector<std::string> masked_;
};

inline Result<Json> try_evaluate(std::string_view source, const Json& contexts = Json::object(), EvalLimits limits = {}) {
  const auto expression = Expression::parse(source, kAnything);
  if (!expression) return tl::unexpected(expression.error());
  return expression->evaluate(StepContext(contexts), limits);
}

inline Json evaluate(std::string_view source, const Json& contexts = Json::object()) {
  CAPTURE(std::string(source));
  auto result = try_evaluate(source, contexts);
  if (!result) FAIL(to_string(result.error()));
  return std::move(*result);
}

inline Error error_of(std::string_view source, const Json& contexts = Json::object(), EvalLimits limits = {}) {
  CAPTURE(std::string(source));
  const auto result = try_evaluate(source, contexts, limits);
  REQUIRE_FALSE(result);
  return result.error();
}

/// An expression and what it gives, as JSON.
struct ExpressionRow {
  const char* source;
  const char* result;
};

inline void check_rows(const std::vector<ExpressionRow>& rows, const Json& contexts = Json::object()) {
  for (const ExpressionRow& row : rows) {
    CAPTURE(row.source);
    const auto result = try_evaluate(row.source, contexts);
    if (!result) {
      FAIL_CHECK(to_string(result.error()));
    } else {
      CHECK(dump_json(*result) == dump_json(parsed(row.result)));
    }
  }
}

}  // namespace ipaas::language::test
