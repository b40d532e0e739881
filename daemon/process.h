// What a daemon tells the kernel about itself, before it does anything else.
#pragma once

#include <csignal>
#include <cstdint>
#include <optional>

#include "core/base/clock.h"

namespace ipaas::daemon {

/// No core dumps, no debugger of the same user, files for the owner only, as many descriptors as allowed; a broken pipe
/// or a full file system is an error code and not the end.
void harden_process();

/// What the process has freed and malloc has kept. A heap shrinks from its end only, so one small block that lives on
/// keeps everything before it: after a burst of requests that would be most of their memory. Not thread-safe.
class FreedMemory {
 public:
  /// Gives it to the system when it is some MiB; cheap when it is less. Every few seconds is often enough. True when
  /// something was given back.
  bool give_back();

 private:
  /// Of the process's memory beyond what it has allocated, the least that was seen: code, stacks and the like.
  std::int64_t least_rest_ = 0;
};

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
