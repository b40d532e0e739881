// What is allowed in a workflow and yet is hardly ever meant.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/workflow_files.h"

namespace ipaas::cli {

/// One error for each doubt, with its file and position, in the order of the documents.
[[nodiscard]] Errors warnings_of(const std::vector<WorkflowDocument>& documents);

}  // namespace ipaas::cli
