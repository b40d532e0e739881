// The first line is an expression, or a text with expressions in it; the rest is the JSON that it sees.
#include "core/language/expression/template.h"
#include "tests/fuzz/fuzz.h"

namespace {

/// The contexts of a step, at a fixed time.
class FuzzContext final : public ipaas::language::JsonContext {
 public:
  using JsonContext::JsonContext;
  [[nodiscard]] std::optional<ipaas::Instant> now() const override { return ipaas::from_millis(1'769'851'800'000); }
  [[nodiscard]] std::optional<std::string> uuid_seed() const override { return "seed"; }
  [[nodiscard]] bool mask(std::string_view text) const override { return !text.empty(); }
};

}  // namespace

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
    const auto first = expression->evaluate(FuzzContext(*contexts), kLimits);
    const auto second = expression->evaluate(FuzzContext(*contexts), kLimits);
    fuzz::require(first.has_value() == second.has_value(), "an expression is repeatable");
    fuzz::require(!first || dump_json(*first) == dump_json(*second), "an expression has one value");
  }
  if (const auto text = Template::parse(source, scope)) (void)text->evaluate(FuzzContext(*contexts), kLimits);
  (void)parse_condition(source, scope);
  return 0;
}
