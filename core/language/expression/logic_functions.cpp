// case, coalesce, isEmpty, typeOf, same, mask.
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

/// What is shorter would have half of a log replaced.
constexpr std::size_t kShortestMasked = 4;

bool mask_text(Evaluation& evaluation, std::string_view text) {
  if (text.empty()) return true;
  if (text.size() < kShortestMasked) {
    evaluation.fail_with("`mask` was given fewer than 4 characters, which would be found everywhere");
    return false;
  }
  if (!evaluation.reserve(text.size())) return false;
  if (evaluation.context().mask(text)) return true;
  evaluation.fail_with("`mask` cannot be used here", "use it in a step");
  return false;
}

bool mask_all(Evaluation& evaluation, const Value& value) {
  if (!evaluation.spend(1)) return false;
  if (value.kind() == Value::Kind::kText) return mask_text(evaluation, value.text());
  if (value.kind() == Value::Kind::kNumber) {
    const std::string digits = value.to_text();
    return digits.size() < kShortestMasked || mask_text(evaluation, digits);
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!mask_all(evaluation, value.item(i))) return false;
  }
  return true;
}

}  // namespace

Outcome call_case(Evaluation& evaluation, std::span<const NodePtr> arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const Outcome predicate = evaluation.evaluate(*arguments[i]);
    if (!predicate) return std::nullopt;
    if (predicate->kind() != Value::Kind::kBoolean) {
      return evaluation.fail_with("a predicate of `case` is not a boolean",
                                  "compare it, as in `case(x == 'a', …)`, or write `!!x`");
    }
    if (predicate->boolean()) return evaluation.evaluate(*arguments[i + 1]);
  }
  return evaluation.evaluate(*arguments.back());
}

Outcome call_coalesce(Evaluation& evaluation, std::span<const NodePtr> arguments) {
  Outcome value;
  for (const NodePtr& argument : arguments) {
    value = evaluation.evaluate(*argument);
    if (!value || value->kind() != Value::Kind::kNull) break;
  }
  return value;
}

Outcome call_is_empty(const Call& call) {
  switch (call[0].kind()) {
    case Value::Kind::kNull: return Value::boolean(true);
    case Value::Kind::kText: return Value::boolean(call[0].text().empty());
    case Value::Kind::kArray:
    case Value::Kind::kObject: return Value::boolean(call[0].size() == 0);
    case Value::Kind::kBoolean:
    case Value::Kind::kNumber: break;
  }
  return Value::boolean(false);
}

Outcome call_type_of(const Call& call) { return Value::text(type_name(call[0].kind())); }

Outcome call_same(const Call& call) {
  if (call[0].kind() != call[1].kind()) return Value::boolean(false);
  // NaN is not the same as itself, as in every other comparison.
  const bool number = call[0].kind() == Value::Kind::kNumber;
  if (number && (call[0].number() != call[0].number())) return Value::boolean(false);
  const auto left = identity_text(call.evaluation, call[0]);
  if (!left) return std::nullopt;
  const auto right = identity_text(call.evaluation, call[1]);
  if (!right) return std::nullopt;
  return Value::boolean(*left == *right);
}

Outcome call_mask(const Call& call) {
  if (!mask_all(call.evaluation, call[0])) return std::nullopt;
  return call[0];
}

}  // namespace ipaas::language
