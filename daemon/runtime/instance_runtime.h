// The running instance, as services see it.
#pragma once

#include "core/service/runtime.h"
#include "daemon/runtime/delivery_log.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/listener_index.h"
#include "daemon/runtime/scheduler.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/telemetry/log.h"

namespace ipaas::daemon {

/// Thread-safe.
class InstanceRuntime final : public service::Runtime {
 public:
  struct Parts {
    Intake& intake;
    Dispatcher& dispatcher;
    Scheduler& scheduler;
    TriggerIndex& triggers;
    ListenerIndex& listeners;
    CredentialBook& book;
    DefinitionCache& definitions;
    ReaderPool& readers;
    const Log& log;
    DeliveryLog& deliveries;
    VariableBook& variables;
  };

  explicit InstanceRuntime(Parts parts) : parts_(std::move(parts)) {}

  void accept(service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) override;
  void cancel(const TenantId& tenant, const ExecutionId& execution, engine::Cancel cancel,
              std::function<void(Result<domain::ExecutionStatus>)> done) override;
  void signal(const TenantId& tenant, const ExecutionId& execution, engine::Signal signal, domain::AuditRecord audit,
              std::function<void(Result<domain::ExecutionStatus>)> done) override;
  void settle_deliveries(std::function<void()> done) override;
  void workflows_changed() override;
  void credentials_changed() override;
  void variables_changed() override;

 private:
  const Parts parts_;
};

}  // namespace ipaas::daemon
