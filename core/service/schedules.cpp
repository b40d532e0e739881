#include "core/service/schedules.h"

#include <algorithm>

#include "core/service/named_schedules.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

bool is_id(const std::string& name) {
  return name.starts_with("sc_");  // no workflow's name has an underscore
}

}  // namespace

Result<std::vector<domain::Schedule>> list_schedules(const Context& context, const std::string& workflow) {
  if (auto allowed = require(context.caller, security::Permission::kScheduleRead); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (workflow.empty()) return context.reader.all_schedules(context.caller.tenant);
  const auto found = context.reader.workflow(context.caller.tenant, workflow);
  if (!found) return tl::unexpected(found.error());
  return context.reader.schedules(context.caller.tenant, found->id);
}

Result<std::vector<domain::Schedule>> named_schedules(const Context& context, const std::string& name) {
  if (!is_id(name)) {
    auto schedules = list_schedules(context, name);
    if (schedules && schedules->empty()) {
      return fail(ErrorKind::kConflict, "the workflow \"" + name + "\" has no schedule",
                  "list schedules with: ipaas schedule list");
    }
    return schedules;
  }
  auto schedules = list_schedules(context, "");
  if (!schedules) return schedules;
  std::erase_if(*schedules, [&](const domain::Schedule& schedule) { return schedule.id.str() != name; });
  if (schedules->empty()) {
    return fail(ErrorKind::kNotFound, "there is no schedule " + name, "list them with: ipaas schedule list");
  }
  return schedules;
}

Duration lag_of(const domain::Schedule& schedule, Instant now) {
  const auto fires = domain::firing_instant(schedule);
  const bool waits = fires && *fires < now && schedule.enabled && !schedule.paused_at;
  return waits ? std::max(now - *fires, schedule.last_lag) : schedule.last_lag;
}

void stand_after(std::vector<domain::Schedule>& schedules, const language::Workflow* definition, Instant now) {
  for (domain::Schedule& schedule : schedules) {
    language::ScheduleOn on;
    on.cron = schedule.cron;
    on.timezone = schedule.timezone;
    if (const auto* trigger = definition == nullptr ? nullptr : trigger_of(*definition, schedule)) on = *trigger;
    const auto rule = ScheduleRule::of(schedule.id, on);
    // The clock may have been set back since it fired.
    const Instant after = std::max(now, schedule.last_due.value_or(now));
    const auto due = rule ? rule->next_due(after) : std::nullopt;
    schedule.next_due = due ? std::optional(due->at) : std::nullopt;
    schedule.fires_at = due ? std::optional(due->fires) : std::nullopt;
  }
}

Result<std::vector<domain::Schedule>> pause_schedules(const Context& context, const std::string& name, bool paused) {
  if (auto allowed = require(context.caller, security::Permission::kScheduleWrite); !allowed) {
    return tl::unexpected(allowed.error());
  }
  auto schedules = named_schedules(context, name);
  if (!schedules) return schedules;
  const domain::Schedule& first = schedules->front();
  if (!paused) {
    const auto definition =
        definition_of(context.reader, context.catalog, context.caller.tenant, first.workflow, first.version);
    stand_after(*schedules, definition ? definition->get() : nullptr, context.clock.now());
  }
  store::PauseSchedules write{context.caller.tenant, paused, *schedules, context.clock.now(), {}};
  Json ids = Json::array();
  for (const domain::Schedule& schedule : *schedules) ids.push_back(schedule.id.str());
  write.audit = audit(context, paused ? "schedule.pause" : "schedule.resume", first.workflow_name, {{"schedules", ids}});
  auto outcome = store::write_and_wait(context.writer, std::move(write));
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.workflows_changed();
  return named_schedules(context, name);
}

}  // namespace ipaas::service
