// Which destinations are left alone, since they are down.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/resilience/circuit_breaker.h"

namespace ipaas::daemon {

/// A breaker for each tenant, connector and host. Thread-safe.
class Breakers {
 public:
  struct Destination {
    TenantId tenant;
    std::string connector;
    std::string host;
  };

  /// `opened` is for the operator; called on the thread whose call had failed.
  Breakers(const Clock& clock, std::function<void(const Destination&)> opened)
      : clock_(clock), opened_(std::move(opened)) {}

  /// One call on its way. Where nobody says how it ended, it says nothing about its destination.
  class Passage {
   public:
    Passage(Breakers& breakers, Destination to, bool probe) : breakers_(breakers), to_(std::move(to)), probe_(probe) {}
    ~Passage() { ended(resilience::CircuitBreaker::End::kUnknown); }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;

    /// The first word counts.
    void ended(resilience::CircuitBreaker::End end);

   private:
    Breakers& breakers_;
    const Destination to_;
    const bool probe_;
    bool told_ = false;
  };

  struct Verdict {
    std::shared_ptr<Passage> passage = {};  ///< or nothing, and then
    Duration wait{};                        ///< so long
  };
  [[nodiscard]] Verdict pass(Destination to);

  struct Open : Destination {
    Instant until{};
  };
  [[nodiscard]] std::vector<Open> open() const;

 private:
  const Clock& clock_;
  const std::function<void(const Destination&)> opened_;
  mutable std::mutex mutex_;  ///< guards breaker_
  resilience::CircuitBreaker breaker_;
};

}  // namespace ipaas::daemon
