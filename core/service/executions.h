// Starting executions by hand, and looking at all of them.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

/// Starts an execution through the `manual` trigger. `done` may run on another thread.
void run_workflow(const Context& context, const std::string& name, const Json& inputs,
                  std::function<void(Result<Acceptance>)> done);

[[nodiscard]] Result<std::vector<domain::Execution>> list_executions(const Context& context,
                                                                     const store::ExecutionFilter& filter);

[[nodiscard]] Result<domain::ExecutionSnapshot> get_execution(const Context& context, const ExecutionId& id);

void cancel_execution(const Context& context, const ExecutionId& id,
                      std::function<void(Result<domain::ExecutionStatus>)> done);

[[nodiscard]] Result<std::vector<domain::LogLine>> list_logs(const Context& context, const store::LogFilter& filter);

}  // namespace ipaas::service
