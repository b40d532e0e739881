// The time of this machine.
#pragma once

#include "core/base/clock.h"

namespace ipaas::daemon {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

}  // namespace ipaas::daemon
