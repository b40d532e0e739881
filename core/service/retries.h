// Running a failed execution's event again, and giving up on it: what happens to dead letters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

struct RetryOptions {
  bool from_failed = false;  ///< results of finished steps are kept
  bool newest = false;       ///< under the workflow's newest version instead of the one that failed
};

struct Retried {
  ExecutionId execution;
  ExecutionId retry_of;
  std::string workflow;
  int version = 1;
  domain::ExecutionStatus status = domain::ExecutionStatus::kQueued;  ///< as it was committed
};

/// kConflict, with what to do in its place, where retry_execution would refuse it.
[[nodiscard]] Result<void> may_retry(const Context& context, const domain::ExecutionSnapshot& snapshot);

/// Starts a new execution on the same event. kConflict where that would be wrong: the execution has not ended, has
/// succeeded, has been retried or discarded, is started again by its parent, its workflow is disabled, or its payload has
/// been forgotten. `done` may run on another thread.
void retry_execution(const Context& context, const ExecutionId& id, const RetryOptions& options,
                     std::function<void(Result<Retried>)> done);

/// A failed execution is a dead letter until then. kConflict where it is none.
[[nodiscard]] Result<void> discard_execution(const Context& context, const ExecutionId& id);

/// At most so many executions are named in one request.
inline constexpr std::size_t kMostInBulk = 200;

/// One that was left out of a request for several, and why.
struct LeftOut {
  ExecutionId execution;
  Error reason;
};

struct RetriedAll {
  std::vector<Retried> retried;
  std::vector<LeftOut> left_out;
};

/// Each by itself, in the order that they are named: one that is refused does not hold up the others.
void retry_executions(const Context& context, const std::vector<ExecutionId>& ids, const RetryOptions& options,
                      std::function<void(RetriedAll)> done);

struct DiscardedAll {
  std::vector<ExecutionId> discarded;
  std::vector<LeftOut> left_out;
};
[[nodiscard]] Result<DiscardedAll> discard_executions(const Context& context, const std::vector<ExecutionId>& ids);

}  // namespace ipaas::service
