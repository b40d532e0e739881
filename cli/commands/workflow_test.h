// ipaas workflow test: runs workflows in memory against the cases beside them.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_workflow_test(CommandLine& line, CLI::App& workflow);

}  // namespace ipaas::cli
