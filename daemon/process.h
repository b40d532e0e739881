// What a daemon tells the kernel about itself, before it does anything else.
#pragma once

#include <csignal>
#include <optional>

#include "core/base/clock.h"

namespace ipaas::daemon {

/// No core dumps, no debugger of the same user, files for the owner only, as many descriptors as allowed; a broken pipe
/// or a full file system is an error code and not the end.
void harden_process();

/// SIGTERM, SIGINT and SIGHUP, taken by whoever asks instead of by whatever thread they hit. Made before any thread.
class Signals {
 public:
  Signals();

  /// The next signal, or nothing after the time.
  [[nodiscard]] std::optional<int> wait(Duration time) const;

 private:
  sigset_t set_{};
};

}  // namespace ipaas::daemon
