#include "core/engine/scope.h"

#include "core/base/time_text.h"

namespace ipaas::engine {
namespace {

/// The four words of GitHub Actions.
std::string_view outcome_of(domain::StepStatus status) {
  switch (status) {
    case domain::StepStatus::kSucceeded: return "success";
    case domain::StepStatus::kFailed: return "failure";
    case domain::StepStatus::kCancelled: return "cancelled";
    default: return "skipped";
  }
}

}  // namespace

Scope::Scope(const domain::ExecutionSnapshot& snapshot, Instant now) : snapshot_(snapshot) {
  const domain::Execution& execution = snapshot.execution;
  execution_ = Json{{"id", execution.id.str()},
                    {"workflow", execution.workflow_name},
                    {"version", execution.version},
                    {"started_at", format_instant(execution.started_at.value_or(now))},
                    {"trigger", domain::trigger_name(execution.trigger)}};
  for (const domain::Step& step : snapshot.steps) {
    if (domain::is_final(step.status)) enter(step);
  }
}

void Scope::enter(const domain::Step& step) {
  const bool hard_failure = step.status == domain::StepStatus::kFailed && !step.softened;
  failed_ = failed_ || hard_failure;
  Json view = {{"outputs", step.outputs},
               {"outcome", outcome_of(step.status)},
               {"conclusion", step.softened ? "success" : outcome_of(step.status)},
               {"attempts", step.attempts},
               {"error", nullptr}};
  if (step.error) view["error"] = Json{{"code", step.error->code}, {"message", step.error->message}};
  steps_[step.path] = std::move(view);
}

const Json* Scope::context(std::string_view name) const {
  if (name == "event") return &snapshot_.event.payload;
  if (name == "inputs") return &snapshot_.execution.inputs;
  if (name == "steps") return &steps_;
  if (name == "execution") return &execution_;
  return nullptr;
}

bool Scope::status_function(std::string_view name) const {
  // A cancelled execution evaluates nothing any more, so `cancelled()` is never true here.
  if (name == "success") return !failed_;
  if (name == "failure") return failed_;
  return name == "always";
}

}  // namespace ipaas::engine
