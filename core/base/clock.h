// The time, as something that is handed in.
#pragma once

#include <chrono>

namespace ipaas {

/// A UTC instant to the millisecond, as it is stored.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

[[nodiscard]] inline std::int64_t to_millis(Instant instant) { return instant.time_since_epoch().count(); }
[[nodiscard]] inline Instant from_millis(std::int64_t millis) { return Instant(Duration(millis)); }

}  // namespace ipaas
