// Starting executions by hand, and looking at all of them.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

/// An execution that somebody asked for.
struct Started {
  ExecutionId execution;
  EventId event;
  std::string workflow;
  int version = 1;
  domain::ExecutionStatus status = domain::ExecutionStatus::kQueued;  ///< as it was committed
};

/// Hands an arrival to the runtime. `done` may run on another thread.
void start(const Context& context, Arrival arrival, std::function<void(Result<Started>)> done);

/// Starts an execution through the `manual` trigger; kConflict where the workflow has none or is disabled. `done` may run
/// on another thread.
void run_workflow(const Context& context, const std::string& name, const Json& inputs,
                  std::function<void(Result<Started>)> done);

[[nodiscard]] Result<std::vector<domain::Execution>> list_executions(const Context& context,
                                                                     const store::ExecutionFilter& filter);

/// As it may be shown: what its workflow declares sensitive is redacted, and what it gave to mask() is masked.
[[nodiscard]] Result<domain::ExecutionSnapshot> get_execution(const Context& context, const ExecutionId& id);

/// The same, not masked yet.
[[nodiscard]] Result<domain::ExecutionSnapshot> read_execution(const Context& context, const ExecutionId& id);

/// Ended tries, in order.
[[nodiscard]] Result<std::vector<domain::Attempt>> list_attempts(const Context& context, const ExecutionId& id);

/// kConflict when it has already ended. `done` may run on another thread.
void cancel_execution(const Context& context, const ExecutionId& id,
                      std::function<void(Result<domain::ExecutionStatus>)> done);

[[nodiscard]] Result<std::vector<domain::LogLine>> list_logs(const Context& context, const store::LogFilter& filter);

}  // namespace ipaas::service
