// Every command, one line each: a new one is a file, its declaration and its row in commands.cpp.
#pragma once

#include <span>

#include "cli/commands/command_line.h"

namespace ipaas::cli {

/// Adds one command, or a noun with its verbs, to the command line.
using AddCommand = void (*)(CommandLine&);

void add_init(CommandLine&);
void add_apply(CommandLine&);
void add_diff(CommandLine&);
void add_validate(CommandLine&);
void add_schema(CommandLine&);
void add_fmt(CommandLine&);
void add_export(CommandLine&);
void add_eval(CommandLine&);
void add_run(CommandLine&);
void add_logs(CommandLine&);
void add_mask(CommandLine&);
void add_workflow(CommandLine&);
void add_execution(CommandLine&);
void add_approval(CommandLine&);
void add_schedule(CommandLine&);
void add_webhook(CommandLine&);
void add_credential(CommandLine&);
void add_variable(CommandLine&);
void add_connector(CommandLine&);
void add_admin(CommandLine&);
void add_completion(CommandLine&);
void add_version(CommandLine&);

/// In the order in which help shows them.
[[nodiscard]] std::span<const AddCommand> all_commands();

}  // namespace ipaas::cli
