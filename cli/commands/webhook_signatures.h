// ipaas webhook sign and verify: what a sender would add, and whether a receiver would take it, offline.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_webhook_sign(CommandLine& line, CLI::App& webhook);
void add_webhook_verify(CommandLine& line, CLI::App& webhook);

}  // namespace ipaas::cli
