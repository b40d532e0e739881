#include "daemon/runtime/departure.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "daemon/runtime/change_masking.h"

namespace ipaas::daemon {
namespace {

using domain::EffectKind;

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
    // Should the daemon die before the refusal is decided upon, the call goes out after the longest wait.
    effect.due_at = std::max(effect.due_at, now + CallRates::kLongestWait);
    departure.turned_away.push_back({.effect = effect.id,
                                     .failure_class = engine::FailureClass::kDeferred,
                                     .code = "deferred",
                                     .message = "the rate limit has no room for " + format_duration(reservation.at - now),
                                     .retry_after = reservation.at - now,
                                     .repeatable = true,
                                     .worth_retrying = true});
  }
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
