// Workflows on disk: what `-f` names, read and checked without a daemon.
#pragma once

#include <string>
#include <system_error>
#include <vector>

#include "cli/exit_code.h"
#include "cli/world.h"
#include "core/language/workflow.h"

namespace ipaas::cli {

struct WorkflowDocument {
  std::string file;
  language::WorkflowPtr workflow;
};

/// The workflows of what `-f` names, tests beside them left out. Every error of every file comes back at once; two workflows
/// of one name are an error too.
[[nodiscard]] ResultOrErrors<std::vector<WorkflowDocument>> load_workflows(const World& world,
                                                                           const std::vector<std::string>& paths,
                                                                           bool recursive);

}  // namespace ipaas::cli
