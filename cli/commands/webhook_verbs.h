// The verbs of `ipaas webhook` that have a file of their own.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

/// What came in, and playing it again.
void add_webhook_deliveries(CommandLine& line, CLI::App& webhook);
void add_webhook_replay(CommandLine& line, CLI::App& webhook);
void add_webhook_sign(CommandLine& line, CLI::App& webhook);
void add_webhook_verify(CommandLine& line, CLI::App& webhook);

}  // namespace ipaas::cli
