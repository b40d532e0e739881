// What a decision sets going, made ready for its commit.
#pragma once

#include <memory>
#include <vector>

#include "core/engine/decide.h"
#include "daemon/runtime/call_rates.h"
#include "daemon/runtime/call_runner.h"
#include "daemon/runtime/call_slots.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/listener_index.h"

namespace ipaas::daemon {

/// What has to be carried out once the decision is committed.
struct Departure {
  std::vector<EffectPtr> effects;
  Instant at{};           ///< effects that are due by then are carried out at once, if they are leased
  bool leased = false;    ///< in the same commit
  std::size_t slots = 0;  ///< taken for the calls among those
  /// Calls that their rate limit would keep for too long: they fail as deferred.
  std::vector<engine::CallFailed> turned_away;
  /// As it was decided; only where an effect is about the execution itself.
  std::shared_ptr<const domain::Execution> execution;

  [[nodiscard]] bool goes_now(const domain::Effect& effect) const { return leased && effect.due_at <= at; }
};

/// Thread-safe.
class DepartureDesk {
 public:
  struct Parts {
    CredentialBook& book;
    CallSlots& slots;
    CallRates& rates;
    const ListenerIndex& listeners;
  };

  explicit DepartureDesk(Parts parts) : parts_(parts) {}

  /// What the store can lease of a decision: the effects that are due, or all of them and nothing else.
  enum class Lease { kDue, kAll };

  /// Registers what the decision masks, masks its texts, announces an end that somebody waits for, and finds the time and
  /// the slot of each call. To be called for each try to commit the decision; slots are given back by whoever commits.
  [[nodiscard]] Departure prepare(engine::Decision& decision, Instant now, Lease lease) const;

 private:
  void announce(domain::ExecutionChange& change, Instant now) const;
  void reserve(domain::ExecutionChange& change, Instant now, Departure& departure) const;
  void take_slots(domain::ExecutionChange& change, Lease lease, Departure& departure) const;

  const Parts parts_;
};

}  // namespace ipaas::daemon
