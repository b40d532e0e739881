// Which workflow calls which: what can only be seen over several of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/language/workflow.h"

namespace ipaas::language {

struct CallingDocument {
  std::string file;
  WorkflowPtr workflow;
};

/// The workflow of that name that is there beside the documents; null where there is none.
using WorkflowLookup = std::function<Result<WorkflowPtr>(const std::string& name)>;

/// Follows the calls of the documents, which take the place of others of their name. An error for each cycle (call_cycle,
/// with its path) and for each document whose calls go deeper than domain::kDeepest (call_depth), at a `call` step. Reads
/// only what the documents reach. Fails where the lookup does.
[[nodiscard]] Result<std::vector<Error>> check_calls(const std::vector<CallingDocument>& documents,
                                                     const WorkflowLookup& lookup);

/// The names that its steps call, once each, in their order.
[[nodiscard]] std::vector<std::string> called_by(const Workflow& workflow);

}  // namespace ipaas::language
