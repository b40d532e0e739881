// The first line is an expression, or a text with expressions in it; the rest is the JSON that it sees.
#include "core/language/expression/template.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  using namespace ipaas::language;
  constexpr EvalLimits kLimits{20'000, 256 * 1024};
  const ExpressionScope scope{{}, true, true};
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view source = fuzz::take_until(rest, '\n');
  auto contexts = parse_json(rest);
  if (!contexts || !contexts->is_object()) contexts = Json::object();

  if (const auto expression = Expression::parse(source, scope)) {
    const auto first = expression->evaluate(JsonContext(*contexts), kLimits);
    const auto second = expression->evaluate(JsonContext(*contexts), kLimits);
    fuzz::require(first.has_value() == second.has_value(), "an expression is repeatable");
    fuzz::require(!first || dump_json(*first) == dump_json(*second), "an expression has one value");
  }
  if (const auto text = Template::parse(source, scope)) (void)text->evaluate(JsonContext(*contexts), kLimits);
  (void)parse_condition(source, scope);
  return 0;
}
