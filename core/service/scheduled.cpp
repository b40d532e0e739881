#include "core/service/scheduled.h"

#include "core/base/time_text.h"
#include "core/language/workflow_parser.h"

namespace ipaas::service {

Arrival scheduled_arrival(const domain::Schedule& schedule, language::WorkflowPtr definition,
                          const language::ScheduleOn& on, Instant instant) {
  Arrival arrival;
  arrival.tenant = schedule.tenant;
  arrival.workflow = schedule.workflow;
  arrival.workflow_name = schedule.workflow_name;
  arrival.version = schedule.version;
  arrival.trigger = domain::TriggerKind::kSchedule;
  arrival.payload = JsonDocument(
      Json{{"scheduled_for", format_instant(instant)}, {"cron", schedule.cron}, {"timezone", schedule.timezone}});
  // Both were checked against each other when the workflow was parsed.
  arrival.inputs = language::default_inputs(definition->inputs);
  arrival.inputs.update(on.inputs);
  arrival.definition = std::move(definition);
  return arrival;
}

}  // namespace ipaas::service
