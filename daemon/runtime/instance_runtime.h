// The running instance, as services and schedules see it.
#pragma once

#include "core/service/runtime.h"
#include "daemon/runtime/clockwork.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/telemetry/log.h"
#include "daemon/telemetry/throttle.h"

namespace ipaas::daemon {

/// Thread-safe.
class InstanceRuntime final : public service::Runtime {
 public:
  struct Parts {
    Intake& intake;
    Dispatcher& dispatcher;
    Clockwork& clockwork;
    TriggerIndex& triggers;
    CredentialBook& book;
    DefinitionCache& definitions;
    ReaderPool& readers;
    const Log& log;
    const Clock& clock;
  };

  explicit InstanceRuntime(Parts parts) : parts_(std::move(parts)) {}

  void accept(service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) override;
  void cancel(const TenantId& tenant, const ExecutionId& execution, std::string by,
              std::function<void(Result<domain::ExecutionStatus>)> done) override;
  void workflows_changed() override;
  void credentials_changed() override;

  /// A schedule is due: starts an execution and moves the schedule on, in one unit of work.
  void tick(const domain::Schedule& schedule, Instant due, std::optional<Instant> next);

 private:
  void late(const domain::Schedule& schedule, const Error& reason);
  [[nodiscard]] Result<service::Arrival> scheduled(const domain::Schedule& schedule, Instant due);

  const Parts parts_;
  Throttle tick_warnings_{std::chrono::seconds(10)};
};

}  // namespace ipaas::daemon
