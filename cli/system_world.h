// The world as the operating system shows it.
#pragma once

#include "cli/world.h"

namespace ipaas::cli {

/// Standard streams, the process's environment and terminal. Valid as long as the clock and the randomness.
[[nodiscard]] World system_world(const Clock& clock, Randomness& randomness);

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// Ctrl-C ends the program with exit code 130 and leaves the terminal's echo on; a reader that goes away
/// (`| head`) shows as a failed write instead of a signal.
void install_signals();

}  // namespace ipaas::cli
