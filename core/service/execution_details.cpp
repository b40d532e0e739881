#include "core/service/execution_details.h"

#include <algorithm>
#include <map>

#include "core/security/json_masking.h"
#include "core/service/retries.h"
#include "core/service/views.h"
#include "core/service/waits.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

using domain::Execution;

Json refusal_view(const Result<void>& allowed) {
  if (allowed) return {{"allowed", true}};
  return {{"allowed", false}, {"reason", allowed.error().message}, {"hint", allowed.error().hint}};
}

/// Only what came from outside: the event of others has nothing that the inputs have not, some of which are not shown.
void add_event(const Context& context, const domain::ExecutionSnapshot& snapshot, Payload shown, Json& whole) {
  using enum domain::TriggerKind;
  const domain::TriggerKind trigger = snapshot.execution.trigger;
  const Json& payload = snapshot.payload;
  if (!payload.is_object() || (trigger != kWebhook && trigger != kSchedule && trigger != kWorkflow)) return;
  if (trigger == kSchedule && payload.contains("scheduled_for")) whole["scheduled_for"] = payload["scheduled_for"];
  if (trigger == kWorkflow && payload.contains("execution")) whole["after"] = payload["execution"];
  if (shown == Payload::kShown) whole["payload"] = security::mask_json(context.masker, payload);
}

void add_queue(const Context& context, const Execution& execution, Json& whole) {
  const auto group = domain::own_group(execution);
  if (!group) return;
  whole["group"] = context.masker.mask(*group);
  whole["group_limit"] = execution.group_limit;
  if (execution.status != domain::ExecutionStatus::kQueued) return;
  const auto standing = context.reader.standing(execution.tenant, execution.id);
  if (!standing) return;
  Json holders = Json::array();
  for (const ExecutionId& holder : standing->holders) holders.push_back(holder.str());
  whole["queue"] = {{"in_front", standing->in_front}, {"held_by", std::move(holders)}};
}

void add_care(const Context& context, const domain::ExecutionSnapshot& snapshot, Json& whole) {
  const Execution& execution = snapshot.execution;
  if (execution.care == Execution::Care::kRetried) {
    const auto later = context.reader.retried_as(execution.tenant, execution.id);
    if (later && !later->empty()) whole["retried_as"] = later->str();
  }
  const bool dead = execution.status == domain::ExecutionStatus::kFailed && execution.care == Execution::Care::kNone;
  if (dead && domain::has_ended(execution)) whole["retry"] = refusal_view(may_retry(context, snapshot));
}

void add_decisions(const Context& context, const domain::ExecutionSnapshot& snapshot, Json& whole) {
  for (Json& step : whole["steps"]) {
    if (!step.contains("wait") || step["kind"] != "wait-for") continue;
    const auto wait = wait_at(snapshot, step["path"].get_ref<const std::string&>());
    if (wait && wait->approval) step["wait"]["decide"] = refusal_view(may_decide(context, *wait));
  }
}

/// Where a step stands, by its id, which is unique in its workflow.
struct Site {
  std::string container;  ///< id of the step that it is a branch, a case or a `notify` of
  std::string handler;    ///< for a step at the top of one
};
using Sites = std::map<std::string, Site, std::less<>>;

void add_sites(const language::Steps& steps, const Site& site, Sites& sites) {
  for (const language::Step& step : steps) {
    sites.emplace(step.id, site);
    // The path of what is in a loop names the loop itself.
    const bool loop = std::holds_alternative<language::ForEachStep>(step.action);
    for (const language::Steps* block : step.blocks()) add_sites(*block, {loop ? "" : step.id, ""}, sites);
  }
}

/// What the paths do not tell: which steps stand inside another one, or in a handler.
void add_places(const Context& context, const Execution& execution, Json& whole) {
  const auto definition = definition_of(context.reader, context.catalog, execution.tenant, execution.workflow, execution.version);
  if (!definition) return;
  Sites sites;
  add_sites((*definition)->steps, {}, sites);
  add_sites((*definition)->on_failure, {"", "on-failure"}, sites);
  add_sites((*definition)->finally, {"", "finally"}, sites);
  for (Json& step : whole["steps"]) {
    const std::string& path = step["path"].get_ref<const std::string&>();
    const std::size_t begin = path.rfind("].") == std::string::npos ? 0 : path.rfind("].") + 2;
    const auto site = sites.find(std::string_view(path).substr(begin));
    if (site == sites.end()) continue;
    const std::string within = site->second.container.empty() ? "" : path.substr(0, begin) + site->second.container;
    if (!within.empty()) step["within"] = within;
    if (!site->second.handler.empty()) step["handler"] = site->second.handler;
  }
}

}  // namespace

Json details(const Context& context, const domain::ExecutionSnapshot& snapshot, Payload payload) {
  Json whole = view(snapshot, context.masker);
  add_event(context, snapshot, payload, whole);
  add_queue(context, snapshot.execution, whole);
  add_care(context, snapshot, whole);
  add_decisions(context, snapshot, whole);
  add_places(context, snapshot.execution, whole);
  return whole;
}

}  // namespace ipaas::service
