#include "daemon/runtime/instance_runtime.h"

namespace ipaas::daemon {

void InstanceRuntime::accept(service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) {
  parts_.intake.accept(std::move(arrival), {}, std::move(done));
}

void InstanceRuntime::cancel(const TenantId& tenant, const ExecutionId& execution, engine::Cancel cancel,
                             std::function<void(Result<domain::ExecutionStatus>)> done) {
  parts_.dispatcher.deliver(tenant, execution, std::move(cancel), std::move(done));
}

void InstanceRuntime::signal(const TenantId& tenant, const ExecutionId& execution, engine::Signal signal,
                             domain::AuditRecord audit, std::function<void(Result<domain::ExecutionStatus>)> done) {
  parts_.dispatcher.deliver(tenant, execution, std::move(signal), std::move(done), std::move(audit));
}

void InstanceRuntime::settle_deliveries(std::function<void()> done) { parts_.deliveries.settle(std::move(done)); }

void InstanceRuntime::workflows_changed() {
  auto reader = parts_.readers.borrow();
  auto reloaded = reader ? parts_.triggers.reload(**reader) : tl::unexpected(reader.error());
  if (reloaded) reloaded = parts_.listeners.reload(**reader);
  if (!reloaded) parts_.log.error("the triggers could not be read again", {{"reason", reloaded.error().message}});
  parts_.scheduler.changed();
}

void InstanceRuntime::credentials_changed() {
  auto reader = parts_.readers.borrow();
  const auto reloaded = reader ? parts_.book.reload(**reader) : tl::unexpected(reader.error());
  if (!reloaded) parts_.log.error("the credentials could not be read again", {{"reason", reloaded.error().message}});
}

void InstanceRuntime::variables_changed() {
  auto reader = parts_.readers.borrow();
  const auto reloaded = reader ? parts_.variables.reload(**reader) : tl::unexpected(reader.error());
  if (!reloaded) parts_.log.error("the variables could not be read again", {{"reason", reloaded.error().message}});
}

}  // namespace ipaas::daemon
