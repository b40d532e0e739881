// Keeps a burst of calls to one host from looking its name up thousands of times.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/runtime/outbound.h"

namespace ipaas::daemon {

/// curl runs a thread for each lookup that its cache cannot answer. Until the first lookup of a name is over, only a
/// few calls to that host go on; a name that hangs therefore holds up nobody else. Used by the outbound thread only.
class OutboundNameGate {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kLookupsAtOnce = 4;
  /// Shorter than the 60 s that curl keeps an address.
  static constexpr std::chrono::seconds kKnownFor{50};

  enum class Entry {
    kFree,    ///< an address, or a name that curl knows
    kLookup,  ///< may look it up; `leave` must be told how that ended
    kWait,    ///< `leave` will name the call when it is to try again
  };

  [[nodiscard]] Entry enter(const std::string& host, Outbound::CallId id, Time now);

  /// `looked_up`: curl asked the resolver and got an address. Returns those that waited, gone ones included.
  [[nodiscard]] std::vector<Outbound::CallId> leave(const std::string& host, bool looked_up, Time now);

 private:
  struct Name {
    Time known_until;
    std::size_t lookups = 0;
    std::vector<Outbound::CallId> waiting;
  };
  void forget_old(Time now);

  std::unordered_map<std::string, Name> names_;
};

}  // namespace ipaas::daemon
