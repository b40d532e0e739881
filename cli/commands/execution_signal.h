// ipaas execution signal.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_execution_signal(CommandLine& line, CLI::App& execution);

}  // namespace ipaas::cli
