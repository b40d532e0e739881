// What a decision sets going, made ready for its commit.
#pragma once

#include <functional>
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

  /// The part of it that is about effects of which this is true; it is no part of this one any more.
  [[nodiscard]] Departure split(const std::function<bool(const domain::Effect&)>& apart);

  /// What a call has reserved of its rate limit.
  struct Token {
    TenantId tenant;
    domain::CallRate rate;
    Instant at{};
  };
  [[nodiscard]] std::vector<Token> tokens() const;
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
  /// the slot of each call. To be called for each try to commit the decision.
  [[nodiscard]] Departure prepare(engine::Decision& decision, Instant now, Lease lease) const;

  /// It was not committed: gives back slots and what was reserved of rate limits.
  void undo(const Departure& departure) const;

  /// Leaves out what is not in the outbox any more, since a later decision has taken it back.
  void leave_out(Departure& departure, const domain::ExecutionSnapshot& now) const;

  /// What calls have reserved that wait for their time and that this change takes out of the outbox: they are never made.
  [[nodiscard]] static std::vector<Departure::Token> unused(const domain::ExecutionSnapshot& before,
                                                            const domain::ExecutionChange& change, const engine::Fact& fact,
                                                            Instant now);
  void give_back(const std::vector<Departure::Token>& tokens) const;

 private:
  void announce(domain::ExecutionChange& change, Instant now) const;
  void reserve(domain::ExecutionChange& change, Instant now, Departure& departure) const;
  void take_slots(domain::ExecutionChange& change, Lease lease, Departure& departure) const;

  const Parts parts_;
};

}  // namespace ipaas::daemon
