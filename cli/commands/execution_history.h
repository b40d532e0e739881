// ipaas execution purge|export: history that goes, and history that becomes a test.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_execution_purge(CommandLine& line, CLI::App& group);
void add_execution_export(CommandLine& line, CLI::App& group);

}  // namespace ipaas::cli
