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

Scope::Scope(const domain::ExecutionSnapshot& snapshot, Instant now) : snapshot_(snapshot), now_(now) {
  for (const domain::Step& step : snapshot.steps) {
    if (domain::is_final(step.status)) enter(step);
  }
}

void Scope::enter(const domain::Step& step) {
  const bool hard_failure = step.status == domain::StepStatus::kFailed && !step.softened;
  failed_ = failed_ || hard_failure;
  Json view = Json::object();
  JsonMembers& members = members_of(view);
  members.reserve(5);
  members.emplace_back("outputs", step.outputs);
  members.emplace_back("outcome", outcome_of(step.status));
  members.emplace_back("conclusion", step.softened ? "success" : outcome_of(step.status));
  members.emplace_back("attempts", step.attempts);
  members.emplace_back("error", step.error ? Json{{"code", step.error->code}, {"message", step.error->message}} : Json());
  steps_[step.path] = std::move(view);
}

const Json* Scope::context(std::string_view name) const {
  if (name == "event") return &snapshot_.payload;
  if (name == "inputs") return &snapshot_.execution.inputs;
  if (name == "steps") return &steps_;
  if (name == "execution") return &execution();
  return nullptr;
}

const Json& Scope::execution() const {
  if (!execution_.is_null()) return execution_;
  const domain::Execution& execution = snapshot_.execution;
  execution_ = Json{{"id", execution.id.str()},
                    {"workflow", execution.workflow_name},
                    {"version", execution.version},
                    {"started_at", format_instant(execution.started_at.value_or(now_))},
                    {"trigger", domain::trigger_name(execution.trigger)}};
  return execution_;
}

bool Scope::status_function(std::string_view name) const {
  // A cancelled execution evaluates nothing any more, so `cancelled()` is never true here.
  if (name == "success") return !failed_;
  if (name == "failure") return failed_;
  return name == "always";
}

std::optional<std::string> Scope::uuid_seed() const {
  const domain::Execution& execution = snapshot_.execution;
  return execution.id.str() + "/" + std::to_string(execution.seed) + "/" + path_;
}

bool Scope::mask(std::string_view text) const {
  masked_.emplace_back(text);
  return true;
}

}  // namespace ipaas::engine
