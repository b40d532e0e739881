// The program from its arguments to its exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/world.h"

namespace ipaas::cli {

/// Parses, runs and reports. The arguments come without the program's name.
[[nodiscard]] ExitCode run_program(const std::vector<std::string>& arguments, World& world);

}  // namespace ipaas::cli
