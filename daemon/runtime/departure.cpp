#include "daemon/runtime/departure.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "daemon/runtime/change_masking.h"

namespace ipaas::daemon {
namespace {

using domain::EffectKind;

/// A decision upon a refusal takes no longer.
constexpr Duration kToDecide = std::chrono::minutes(1);

bool concerns_execution(const domain::Effect& effect) {
  return effect.kind == EffectKind::kChild || effect.kind == EffectKind::kReport || effect.kind == EffectKind::kAnnounce;
}

domain::LogEntry too_deep(const std::vector<domain::EndListener>& listeners, Instant now) {
  std::string names;
  for (const domain::EndListener& listener : listeners) names += (names.empty() ? "" : ", ") + listener.workflow_name;
  return {"", domain::LogLevel::kWarn, now,
          "not started at this end, since " + std::to_string(domain::kDeepest) +
              " calls and ends led to it already: " + names + ": look for workflows that start each other in a circle"};
}

}  // namespace

Departure Departure::split(const std::function<bool(const domain::Effect&)>& apart) {
  Departure other;
  other.at = at;
  other.leased = leased;
  other.execution = execution;
  const auto effect_of = [&](const engine::CallFailed& failed) -> const domain::Effect& {
    return **std::find_if(effects.begin(), effects.end(), [&](const EffectPtr& effect) { return effect->id == failed.effect; });
  };
  const auto refused = std::stable_partition(turned_away.begin(), turned_away.end(),
                                             [&](const auto& failed) { return !apart(effect_of(failed)); });
  other.turned_away.assign(std::make_move_iterator(refused), std::make_move_iterator(turned_away.end()));
  turned_away.erase(refused, turned_away.end());
  const auto rest = std::stable_partition(effects.begin(), effects.end(), [&](const auto& effect) { return !apart(*effect); });
  other.effects.assign(std::make_move_iterator(rest), std::make_move_iterator(effects.end()));
  effects.erase(rest, effects.end());
  const auto holds_slot = [&](const EffectPtr& effect) { return effect->kind == EffectKind::kCall && goes_now(*effect); };
  if (slots > 0) other.slots = static_cast<std::size_t>(std::count_if(other.effects.begin(), other.effects.end(), holds_slot));
  slots -= other.slots;
  return other;
}

std::vector<Departure::Token> Departure::tokens() const {
  std::vector<Token> found;
  for (const EffectPtr& effect : effects) {
    const auto is_it = [&](const engine::CallFailed& failed) { return failed.effect == effect->id; };
    if (effect->kind != EffectKind::kCall || !effect->call.rate) continue;
    if (std::none_of(turned_away.begin(), turned_away.end(), is_it)) found.push_back({effect->tenant, *effect->call.rate, effect->due_at});
  }
  return found;
}

Departure DepartureDesk::prepare(engine::Decision& decision, Instant now, Lease lease) const {
  domain::ExecutionChange& change = decision.change;
  const TenantId& tenant = change.execution.tenant;
  parts_.book.mask(tenant, decision.masked);
  if (domain::has_ended(change.execution)) announce(change, now);
  mask_change(change, parts_.book.page(tenant)->masker);

  Departure departure;
  departure.at = now;
  reserve(change, now, departure);
  take_slots(change, lease, departure);
  departure.effects.reserve(change.effects.size());
  for (const domain::Effect& effect : change.effects) departure.effects.push_back(std::make_shared<domain::Effect>(effect));
  if (std::any_of(change.effects.begin(), change.effects.end(), concerns_execution)) {
    departure.execution = std::make_shared<domain::Execution>(change.execution);
  }
  return departure;
}

void DepartureDesk::announce(domain::ExecutionChange& change, Instant now) const {
  const std::vector<domain::EndListener> listeners = parts_.listeners.listeners(change.execution);
  if (listeners.empty()) return;
  if (change.execution.depth >= domain::kDeepest) {
    change.logs.push_back(too_deep(listeners, now));
    return;
  }
  change.effects.push_back(domain::effect_of(change.execution, EffectKind::kAnnounce, now));
}

void DepartureDesk::reserve(domain::ExecutionChange& change, Instant now, Departure& departure) const {
  for (domain::Effect& effect : change.effects) {
    if (effect.kind != EffectKind::kCall || !effect.call.rate) continue;
    const auto reservation = parts_.rates.reserve(effect.tenant, *effect.call.rate, now);
    if (reservation.granted) {
      effect.due_at = std::max(effect.due_at, reservation.at);
      continue;
    }
    // Should the daemon die before the refusal is decided upon, the call goes out after that. Later than any that was
    // granted, so that these are told apart.
    effect.due_at = std::max(effect.due_at, now + CallRates::kLongestWait + kToDecide);
    departure.turned_away.push_back({.effect = effect.id,
                                     .failure_class = engine::FailureClass::kDeferred,
                                     .code = "deferred",
                                     .message = "the rate limit has no room for " + format_duration(reservation.at - now),
                                     .retry_after = reservation.at - now,
                                     .repeatable = true,
                                     .worth_retrying = true});
  }
}

void DepartureDesk::undo(const Departure& departure) const {
  parts_.slots.give_back(departure.slots);
  give_back(departure.tokens());
}

void DepartureDesk::leave_out(Departure& departure, const domain::ExecutionSnapshot& now) const {
  Departure gone = departure.split([&](const domain::Effect& effect) { return now.effects.find(effect.id.str()) == nullptr; });
  // What still waited for its time was given back by the decision that took it out: see unused().
  std::erase_if(gone.effects, [&](const EffectPtr& effect) { return !gone.goes_now(*effect); });
  undo(gone);
}

std::vector<Departure::Token> DepartureDesk::unused(const domain::ExecutionSnapshot& before,
                                                    const domain::ExecutionChange& change, const engine::Fact& fact,
                                                    Instant now) {
  std::vector<Departure::Token> found;
  const auto* refused = std::get_if<engine::CallFailed>(&fact);
  for (const EffectId& id : change.finished) {
    const domain::Effect* effect = before.effects.find(id.str());
    if (effect == nullptr || effect->kind != EffectKind::kCall || !effect->call.rate) continue;
    // Whose time has come may be out; whose time is later than the longest wait was refused, and has reserved nothing.
    const bool waits = effect->due_at > now && effect->due_at <= now + CallRates::kLongestWait;
    if (waits && (refused == nullptr || refused->effect != id)) found.push_back({effect->tenant, *effect->call.rate, effect->due_at});
  }
  return found;
}

void DepartureDesk::give_back(const std::vector<Departure::Token>& tokens) const {
  for (const Departure::Token& token : tokens) parts_.rates.give_back(token.tenant, token.rate, token.at);
}

void DepartureDesk::take_slots(domain::ExecutionChange& change, Lease lease, Departure& departure) const {
  const auto is_due = [&](const domain::Effect& effect) { return effect.due_at <= departure.at; };
  const auto due = std::count_if(change.effects.begin(), change.effects.end(), is_due);
  if (due == 0 || (lease == Lease::kAll && due != std::ssize(change.effects))) return;
  const auto is_due_call = [&](const domain::Effect& effect) { return is_due(effect) && effect.kind == EffectKind::kCall; };
  const auto calls = static_cast<std::size_t>(std::count_if(change.effects.begin(), change.effects.end(), is_due_call));
  if (calls == 0 || parts_.slots.try_take(calls)) {
    departure.slots = calls;
    departure.leased = true;
    return;
  }
  if (lease == Lease::kAll || std::cmp_equal(calls, due)) return;
  // The calls wait for a slot in the outbox. A timer, a child or a cancellation does not wait with them.
  for (domain::Effect& effect : change.effects) {
    if (is_due_call(effect)) effect.due_at = departure.at + Duration(1);
  }
  departure.leased = true;
}

}  // namespace ipaas::daemon
