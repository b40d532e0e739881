// Which executions have been kept long enough.
#pragma once

#include <optional>
#include <vector>

#include "core/language/workflow.h"
#include "core/service/context.h"

namespace ipaas::service {

/// What nobody has chosen is kept for ever.
struct RetentionPolicy {
  std::optional<Duration> executions = {};  ///< ended executions, with all that hangs on them
  std::optional<Duration> payloads = {};    ///< what they carried; the rows stay
};

struct PurgeRequest {
  std::string workflow = {};  ///< name; empty for all
  Instant ended_before{};
};

struct Purged {
  std::int64_t executions = 0;
  bool more = false;  ///< the request's share is done, and there is more: ask again
};

/// So many are deleted in one unit of work, so that those who accept webhooks meanwhile do not notice.
inline constexpr std::size_t kPurgeSlice = 200;

/// Deletes executions that ended before then, with everything that hangs on them, the oldest first: at most some
/// thousand a request, in slices. Never one that has not ended. Needs the permission execution:purge.
[[nodiscard]] Result<Purged> purge_executions(const Context& context, const PurgeRequest& request);

/// A workflow with what its newest version says of retention.
struct RetainedWorkflow {
  WorkflowId id;
  language::Retention retention;
};

/// What is to be purged at `now`, in slices of `limit`: a workflow's own times win over the tenant's, in either
/// direction. Without a time nothing is purged. Pure.
[[nodiscard]] std::vector<store::PurgeExecutions> retention_plan(const TenantId& tenant, const RetentionPolicy& policy,
                                                                 const std::vector<RetainedWorkflow>& workflows, Instant now,
                                                                 std::size_t limit);

}  // namespace ipaas::service
