// ipaas schedule list, pause, resume and backfill: the schedules of the daemon.
#pragma once

#include "cli/commands/command_line.h"

namespace ipaas::cli {

void add_schedule_control(CommandLine& line, CLI::App& group);

}  // namespace ipaas::cli
