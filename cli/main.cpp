#include <exception>
#include <iostream>

#include "cli/program.h"
#include "cli/system_world.h"
#include "core/base/random.h"

int main(int argc, char** argv) {
  try {
    const ipaas::cli::SystemClock clock;
    ipaas::SystemRandomness randomness;
    ipaas::cli::World world = ipaas::cli::system_world(clock, randomness);
    ipaas::cli::install_signals();
    return static_cast<int>(ipaas::cli::run_program({argv + 1, argv + argc}, world));
  } catch (const std::exception& error) {
    std::cerr << "error: a defect of ipaas: " << error.what() << ": please report it\n";
    return static_cast<int>(ipaas::cli::ExitCode::kFailed);
  }
}
