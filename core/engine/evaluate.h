// How a deliberation evaluates.
#pragma once

#include <algorithm>

#include "core/engine/deliberation.h"

namespace ipaas::engine {

template <typename Evaluable>
Result<Json> Deliberation::evaluate(const Evaluable& expression, std::size_t most) {
  language::EvalLimits limits = limits_.evaluation;
  limits.operations = std::min(limits.operations, most);
  Result<Json> value = expression.evaluate(scope_, limits);
  if (!value && value.error().code == "budget_exceeded") over_budget_ = true;
  return value;
}

template <typename Evaluable>
std::optional<Json> Deliberation::evaluate_or_fail(const Evaluable& expression, const domain::Step& record) {
  Result<Json> value = evaluate(expression);
  if (value) return *std::move(value);
  fail_step(record, {"expression_failed", value.error().message, record.path});
  return std::nullopt;
}

/// The end of the id of a timer that begins a step which the decision before had no time for.
inline constexpr std::string_view kBegin = "begin";

/// When the try began. A call that a daemon left behind when it died is due since 1970.
[[nodiscard]] inline Instant began(const domain::Effect& effect, const domain::Step& record) {
  return std::max(effect.due_at, record.started_at);
}

}  // namespace ipaas::engine
