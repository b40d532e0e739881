// The verb `graph` of `ipaas workflow`.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_workflow_graph(CommandLine& line, CLI::App& group);

}  // namespace ipaas::cli
