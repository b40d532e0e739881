// What apply would do, as a comment on a pull request.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/workflow_changes.h"
#include "core/security/masker.h"

namespace ipaas::cli {

/// A line of counts, what the daemon would refuse, and a fold for each workflow that changes. Nothing that a workflow
/// holds can leave its fence or become markup. Shorter than a comment on GitHub may be (65,536 characters): what does
/// not fit is only named. Secrets are masked.
[[nodiscard]] std::string difference_markdown(const std::vector<WorkflowChange>& changes, const Errors& refusals,
                                              const security::Masker& masker);

/// `1 created, 2 unchanged`; `nothing` for none.
[[nodiscard]] std::string counts_of(const std::vector<WorkflowChange>& changes);

}  // namespace ipaas::cli
