#include "daemon/runtime/instance_runtime.h"

#include "core/base/time_text.h"
#include "core/language/workflow_parser.h"

namespace ipaas::daemon {

void InstanceRuntime::accept(service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) {
  parts_.intake.accept(std::move(arrival), {}, std::move(done));
}

void InstanceRuntime::cancel(const TenantId& tenant, const ExecutionId& execution, std::string by,
                             std::function<void(Result<domain::ExecutionStatus>)> done) {
  parts_.dispatcher.deliver(tenant, execution, engine::Cancel{std::move(by)}, std::move(done));
}

void InstanceRuntime::workflows_changed() {
  auto reader = parts_.readers.borrow();
  const auto reloaded = reader ? parts_.triggers.reload(**reader) : tl::unexpected(reader.error());
  if (!reloaded) parts_.log.error("the webhooks could not be read again", {{"reason", reloaded.error().message}});
  parts_.clockwork.schedules_changed();
}

void InstanceRuntime::credentials_changed() {
  auto reader = parts_.readers.borrow();
  const auto reloaded = reader ? parts_.book.reload(**reader) : tl::unexpected(reader.error());
  if (!reloaded) parts_.log.error("the credentials could not be read again", {{"reason", reloaded.error().message}});
}

Result<service::Arrival> InstanceRuntime::scheduled(const domain::Schedule& schedule, Instant due) {
  service::Arrival arrival;
  arrival.definition = parts_.definitions.peek(schedule.workflow, schedule.version);
  if (!arrival.definition) {
    auto reader = parts_.readers.borrow();
    if (!reader) return tl::unexpected(reader.error());
    auto read = parts_.definitions.get(**reader, schedule.tenant, schedule.workflow, schedule.version);
    if (!read) return tl::unexpected(read.error());
    arrival.definition = *std::move(read);
  }
  arrival.tenant = schedule.tenant;
  arrival.workflow = schedule.workflow;
  arrival.workflow_name = schedule.workflow_name;
  arrival.version = schedule.version;
  arrival.trigger = domain::TriggerKind::kSchedule;
  arrival.payload = JsonDocument(
      Json{{"scheduled_for", format_instant(due)}, {"cron", schedule.cron}, {"timezone", schedule.timezone}});
  arrival.inputs = language::default_inputs(arrival.definition->inputs);
  return arrival;
}

void InstanceRuntime::tick(const domain::Schedule& schedule, Instant due, std::optional<Instant> next) {
  auto arrival = scheduled(schedule, due);
  if (!arrival) {
    late(schedule, arrival.error());
    return;
  }
  arrival->tick = store::AcceptEvent::Tick{schedule.id, *schedule.next_due, next};
  parts_.intake.accept(*std::move(arrival), {}, [this, schedule](const auto& accepted) {
    if (!accepted) late(schedule, accepted.error());
  });
}

/// It stays due and is offered again in a moment; a storm of such offers is one line.
void InstanceRuntime::late(const domain::Schedule& schedule, const Error& reason) {
  if (!tick_warnings_.allow(parts_.clock.now())) return;
  parts_.log.warn("a schedule has to wait", {{"workflow", schedule.workflow_name},
                                             {"cron", schedule.cron},
                                             {"reason", reason.message}});
}

}  // namespace ipaas::daemon
