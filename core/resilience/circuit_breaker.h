// Leaves a destination that is down alone for a while.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/clock.h"

namespace ipaas::resilience {

/// One breaker for each destination, whatever the caller names one by. So many failures in a row open it; after a while
/// one call is let through to see, and its end closes the breaker or keeps it open. Each call that was allowed is
/// reported with `done`, however it ended. Pure, but for what it remembers; not thread-safe.
class CircuitBreaker {
 public:
  static constexpr int kFailuresToOpen = 5;
  static constexpr Duration kOpenFor = std::chrono::seconds(60);
  /// How long the one call takes is not known; all others would ask in vain until then.
  static constexpr Duration kProbeTime = std::chrono::seconds(5);

  enum class End {
    kAnswered,  ///< the destination is there, even where it refused
    kDown,      ///< no connection, no TLS, no answer in time, or an answer that says so
    kUnknown,   ///< says nothing about the destination: it was never asked, or we stopped asking
  };

  /// Beyond `most_destinations` the one that was not used for the longest time is forgotten.
  explicit CircuitBreaker(std::size_t most_destinations = 10'000) : most_(most_destinations) {}

  struct Permit {
    /// Nothing where the call may be made; else how long to wait before the next try.
    std::optional<Duration> wait = {};
    bool probe = false;  ///< the one call that is let through to see; to be handed to `done`
  };
  [[nodiscard]] Permit allow(std::string_view destination, Instant now);

  /// True when this end has opened the breaker.
  bool done(std::string_view destination, bool probe, End end, Instant now);

  struct Open {
    std::string destination;
    Instant until{};
  };
  /// By destination.
  [[nodiscard]] std::vector<Open> open(Instant now) const;

  [[nodiscard]] std::size_t destinations() const { return known_.size(); }

 private:
  struct Destination {
    std::string name;
    int failures = 0;                 ///< in a row
    std::optional<Instant> open_until;
    bool probing = false;             ///< the one call is out
  };

  Destination* find(std::string_view name);
  Destination& get(std::string_view name);
  void forget(std::string_view name);

  const std::size_t most_;
  std::list<Destination> by_use_;  ///< the one that was used last in front
  std::unordered_map<std::string_view, std::list<Destination>::iterator> known_;
};

}  // namespace ipaas::resilience
