// ipaas webhook sign: the headers a sender would add, offline.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_webhook_sign(CommandLine& line, CLI::App& webhook);

}  // namespace ipaas::cli
