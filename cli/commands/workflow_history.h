// ipaas workflow history and rollback: the versions of a workflow.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_workflow_history(CommandLine& line, CLI::App& group);

}  // namespace ipaas::cli
