#include "core/service/views.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/security/json_masking.h"

namespace ipaas::service {
namespace {

Json optional_instant(const std::optional<Instant>& instant) {
  return instant ? Json(format_instant(*instant)) : Json();
}

Json error_view(const std::optional<domain::Failure>& error, const security::Masker& masker) {
  if (!error) return nullptr;
  Json view = {{"code", error->code}, {"message", masker.mask(error->message)}};
  if (!error->step.empty()) view["step"] = error->step;
  return view;
}

/// What a wait asks for, and how long it can be answered.
Json wait_view(const domain::Step& step, const security::Masker& masker) {
  Json wait = step.items ? security::mask_json(masker, *step.items) : Json();
  if (!wait.is_object()) wait = Json::object();
  wait["until"] = optional_instant(step.due_at);
  return wait;
}

/// Until when a call rests that is to be tried again.
const domain::Effect* next_try(const domain::ExecutionSnapshot& snapshot, const domain::Step& step) {
  if (step.status != domain::StepStatus::kWaiting) return nullptr;
  const auto& effects = snapshot.effects;
  const auto found = std::find_if(effects.begin(), effects.end(), [&](const domain::Effect& effect) {
    return effect.path == step.path && (effect.kind == domain::EffectKind::kCall || effect.kind == domain::EffectKind::kChild);
  });
  return found == effects.end() ? nullptr : &*found;
}

Json step_view(const domain::ExecutionSnapshot& snapshot, const domain::Step& step, const security::Masker& masker) {
  Json view = {{"path", step.path},
               {"kind", step.kind},
               {"status", domain::status_name(step.status)},
               {"attempts", step.attempts},
               {"started_at", format_instant(step.started_at)},
               {"ended_at", optional_instant(step.ended_at)},
               {"outputs", security::mask_json(masker, step.outputs)},
               {"error", error_view(step.error, masker)}};
  if (step.softened) view["conclusion"] = "success";
  const bool waits = step.kind == "wait-for" || step.kind == "sleep";
  if (waits && !domain::is_final(step.status)) view["wait"] = wait_view(step, masker);
  if (step.kind == "for-each" && step.items && step.items->is_array()) view["rounds"] = step.items->size();
  if (!step.child.empty()) view["child"] = step.child.str();
  if (!snapshot.execution.retry_of.empty() && step.started_at < snapshot.execution.created_at) view["kept"] = true;
  const domain::Effect* const again = step.error ? next_try(snapshot, step) : nullptr;
  if (again != nullptr) view["next_try_at"] = format_instant(again->due_at);
  return view;
}

std::string_view type_name(language::ActionInput::Type type) {
  using Type = language::ActionInput::Type;
  switch (type) {
    case Type::kString: return "string";
    case Type::kNumber: return "number";
    case Type::kBoolean: return "boolean";
    case Type::kObject: return "object";
    case Type::kArray: return "array";
    case Type::kAny: break;
  }
  return "any";
}

Json action_view(const language::ActionInfo& action) {
  Json inputs = Json::array();
  for (const language::ActionInput& input : action.inputs) {
    Json view = {{"name", input.name},
                 {"type", type_name(input.type)},
                 {"required", input.required},
                 {"description", input.description}};
    if (!input.options.empty()) view["options"] = input.options;
    inputs.push_back(std::move(view));
  }
  return {{"name", action.name},
          {"description", action.description},
          {"inputs", std::move(inputs)},
          {"credential_types", action.credential_types},
          {"credential_required", action.credential_required}};
}

}  // namespace

Json view(const store::SavedWorkflow& saved) {
  using Action = store::SavedWorkflow::Action;
  const char* action = saved.action == Action::kCreated   ? "created"
                       : saved.action == Action::kUpdated ? "updated"
                       : saved.action == Action::kPruned  ? "pruned"
                                                          : "unchanged";
  Json view = {{"name", saved.name}, {"action", action}, {"version", saved.version}, {"id", saved.id.str()}};
  if (saved.left_set && !saved.left_set->empty()) view["left_set"] = *saved.left_set;
  if (!saved.missing_calls.empty()) view["missing_calls"] = saved.missing_calls;
  return view;
}

Json view(const domain::Workflow& workflow) {
  Json triggers = Json::array();
  for (const domain::TriggerKind kind : workflow.triggers) triggers.push_back(domain::trigger_name(kind));
  return {{"id", workflow.id.str()},
          {"name", workflow.name},
          {"description", workflow.description},
          {"enabled", workflow.enabled},
          {"version", workflow.version},
          {"triggers", std::move(triggers)},
          {"set", workflow.set},
          {"created_at", format_instant(workflow.created_at)},
          {"updated_at", format_instant(workflow.updated_at)}};
}

Json view(const WorkflowDetails& details) {
  Json view = service::view(details.workflow);
  view["digest"] = details.version.digest;
  view["author"] = details.version.author;
  view["message"] = details.version.message;
  const auto& triggers = details.workflow.triggers;
  if (std::find(triggers.begin(), triggers.end(), domain::TriggerKind::kWebhook) != triggers.end()) {
    view["webhook_path"] = "/api/webhooks/" + details.workflow.id.str();
  }
  view["schedules"] = Json::array();
  for (const domain::Schedule& schedule : details.schedules) {
    view["schedules"].push_back({{"cron", schedule.cron},
                                 {"timezone", schedule.timezone},
                                 {"next_due", optional_instant(schedule.next_due)}});
  }
  view["source"] = details.version.source;
  return view;
}

Json view(const domain::WorkflowVersion& version) {
  return {{"version", version.number},
          {"created_at", format_instant(version.created_at)},
          {"author", version.author},
          {"message", version.message},
          {"digest", version.digest}};
}

Json view(const domain::Schedule& schedule, Instant now) {
  const char* state = !schedule.enabled     ? "disabled"
                      : schedule.paused_at  ? "paused"
                      : !schedule.next_due ? "ended"
                                            : "active";
  return {{"id", schedule.id.str()},
          {"workflow", schedule.workflow_name},
          {"cron", schedule.cron},
          {"timezone", schedule.timezone},
          {"state", state},
          {"next_due", optional_instant(schedule.next_due)},
          {"fires_at", optional_instant(domain::firing_instant(schedule))},
          {"last_due", optional_instant(schedule.last_due)},
          {"lag_seconds", std::chrono::duration<double>(lag_of(schedule, now)).count()},
          {"paused_at", optional_instant(schedule.paused_at)}};
}

Json view(const Backfill& backfill) {
  Json items = Json::array();
  for (const Backfill::Item& item : backfill.items) {
    Json row = {{"schedule", item.schedule.id.str()},
                {"workflow", item.schedule.workflow_name},
                {"scheduled_for", format_instant(item.instant)}};
    if (!item.execution.empty()) row["execution"] = item.execution.str();
    items.push_back(std::move(row));
  }
  return {{"executions", std::move(items)}, {"left_from", optional_instant(backfill.left)}};
}

Json view(const domain::Credential& credential) {
  return {{"id", credential.id.str()},
          {"name", credential.name},
          {"type", credential.type},
          {"created_at", format_instant(credential.created_at)},
          {"updated_at", format_instant(credential.updated_at)}};
}

Json view(const domain::Variable& variable, const security::Masker& masker) {
  const Json masked = security::mask_json(masker, Json{{variable.name, variable.value}});
  return {{"name", variable.name}, {"value", masked.front()}, {"updated_at", format_instant(variable.updated_at)}};
}

Json view(const domain::LogLine& line) {
  return {{"sequence", line.sequence},
          {"at", format_instant(line.at)},
          {"level", domain::level_name(line.level)},
          {"workflow", line.workflow_name},
          {"execution", line.execution.str()},
          {"step", line.path},
          {"text", line.text}};
}

Json view(const connectors::Connector& connector) {
  Json actions = Json::array();
  for (const language::ActionInfo& action : connector.actions()) actions.push_back(action_view(action));
  return {{"name", connector.name()}, {"description", connector.description()}, {"actions", std::move(actions)}};
}

Json view(const Started& started) {
  return {{"id", started.execution.str()},
          {"workflow", started.workflow},
          {"version", started.version},
          {"status", domain::status_name(started.status)},
          {"event", started.event.str()}};
}

Json view(const domain::Delivery& delivery) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"id", delivery.id.str()},
          {"at", format_instant(delivery.at)},
          {"status", domain::fate_name(delivery.fate)},
          {"execution", text_or_null(delivery.execution.str())},
          {"code", text_or_null(delivery.code)},
          {"reason", text_or_null(delivery.reason)}};
}

Json view(const Wait& wait, const security::Masker& masker) {
  return {{"id", wait.id()},
          {"execution", wait.execution.str()},
          {"workflow", wait.workflow},
          {"step", wait.path},
          {"kind", wait.approval ? "approval" : "callback"},
          {"message", masker.mask(wait.message)},
          {"roles", wait.roles},
          {"self", wait.self},
          {"since", format_instant(wait.since)},
          {"until", optional_instant(wait.until)}};
}

Json view(const Retried& retried) {
  return {{"id", retried.execution.str()},
          {"retry_of", retried.retry_of.str()},
          {"workflow", retried.workflow},
          {"version", retried.version},
          {"status", domain::status_name(retried.status)}};
}

Json view(const LeftOut& left_out) {
  return {{"id", left_out.execution.str()}, {"message", left_out.reason.message}, {"hint", left_out.reason.hint}};
}

Json view(const domain::Attempt& attempt, const security::Masker& masker) {
  return {{"path", attempt.path},
          {"number", attempt.number},
          {"started_at", format_instant(attempt.started_at)},
          {"ended_at", format_instant(attempt.ended_at)},
          {"outcome", attempt.outcome},
          {"message", masker.mask(attempt.message)}};
}

Json view(const domain::Execution& execution, const security::Masker& masker) {
  Json view = {{"id", execution.id.str()},
          {"workflow", execution.workflow_name},
          {"version", execution.version},
          {"status", domain::status_name(execution.status)},
          {"trigger", domain::trigger_name(execution.trigger)},
          {"event", execution.event.str()},
          {"created_at", format_instant(execution.created_at)},
          {"started_at", optional_instant(execution.started_at)},
          {"ended_at", optional_instant(execution.ended_at)},
          {"error", error_view(execution.error, masker)}};
  if (execution.status == domain::ExecutionStatus::kFailed) {
    constexpr const char* kCare[] = {"none", "retried", "discarded"};
    view["care"] = kCare[static_cast<int>(execution.care)];
  }
  if (!execution.starter.empty()) view["starter"] = execution.starter;
  if (!execution.retry_of.empty()) view["retry_of"] = execution.retry_of.str();
  if (execution.parent) view["parent"] = execution.parent->execution.str();
  return view;
}

Json view(const domain::ExecutionSnapshot& snapshot, const security::Masker& masker) {
  Json whole = view(snapshot.execution, masker);
  whole["inputs"] = security::mask_json(masker, snapshot.execution.inputs);
  whole["steps"] = Json::array();
  for (const domain::Step& step : snapshot.steps) whole["steps"].push_back(step_view(snapshot, step, masker));
  whole["outputs"] = security::mask_json(masker, snapshot.execution.outputs);
  return whole;
}

}  // namespace ipaas::service
