#include "core/engine/decide.h"

#include "core/engine/deliberation.h"

namespace ipaas::engine {

std::optional<Decision> decide(const language::Workflow& workflow, const domain::ExecutionSnapshot& execution,
                               const Fact& fact, Instant now, const DecideLimits& limits) {
  if (domain::has_ended(execution.execution)) return std::nullopt;
  Deliberation deliberation(workflow, execution, now, limits);
  const bool matters = std::visit([&](const auto& happened) { return deliberation.take_in(happened); }, fact);
  if (!matters) return std::nullopt;
  return std::move(deliberation).take();
}

}  // namespace ipaas::engine
