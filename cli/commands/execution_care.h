// ipaas execution retry|discard: what becomes of dead letters.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_execution_retry(CommandLine& line, CLI::App& group);
void add_execution_discard(CommandLine& line, CLI::App& group);

}  // namespace ipaas::cli
