// The running instance, as services and schedules see it.
#pragma once

#include "core/service/runtime.h"
#include "daemon/runtime/clockwork.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/telemetry/log.h"

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
  [[nodiscard]] Result<service::Arrival> scheduled(const domain::Schedule& schedule, Instant due);

  const Parts parts_;
};

}  // namespace ipaas::daemon
