// Steps that call a connector.
#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/doubt.h"
#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {

void Deliberation::begin_call(const language::UsesStep& uses, domain::Step record) {
  auto call = request_of(uses, record.path);
  if (!call) {
    fail_step(record, {"expression_failed", call.error().message, record.path});
    return;
  }
  if (!keep_or_fail(call->inputs, record)) return;
  send(*std::move(call), std::move(record), now_);
}

/// Says the workflow that twice is fine? Of the action, whether it is harmless is known only when it has failed.
bool Deliberation::may_happen_twice(const domain::Effect& effect) const {
  const auto route = find_route(workflow_, effect.path);
  if (!route || effect.call.keyed) return effect.call.keyed;
  const auto& action = route->back().step().action;
  if (const auto* call = std::get_if<language::CallStep>(&action)) return call->retry && call->retry->retry_unknown;
  const auto* uses = std::get_if<language::UsesStep>(&action);
  return uses != nullptr && uses->retry.retry_unknown;
}

/// Evaluated once; every attempt sends the same.
Result<domain::CallRequest> Deliberation::request_of(const language::UsesStep& uses, const std::string& path) {
  domain::CallRequest call;
  call.connector = uses.connector;
  call.action = uses.action;
  call.credential = uses.credential;
  call.timeout = uses.timeout;
  Result<Json> inputs = evaluate(uses.with);
  if (!inputs) return tl::unexpected(inputs.error());
  call.inputs = inputs->is_null() ? Json::object() : *std::move(inputs);
  if (uses.idempotency_key) {
    const Result<Json> key = evaluate(*uses.idempotency_key);
    if (!key) return tl::unexpected(key.error());
    call.idempotency_key = language::to_text(*key);
  }
  // An empty key would make all such calls the same one.
  call.keyed = !call.idempotency_key.empty();
  if (!call.keyed) call.idempotency_key = execution().id.str() + "/" + path;
  const auto carried = execution().idempotency_keys.find(path);
  if (carried != execution().idempotency_keys.end()) call.idempotency_key = carried->second;
  if (uses.rate_limit) {
    const Result<Json> key = evaluate(uses.rate_limit->key);
    if (!key) return tl::unexpected(key.error());
    call.rate = domain::CallRate{language::to_text(*key), uses.rate_limit->count, uses.rate_limit->per};
  }
  return call;
}

void Deliberation::send(domain::CallRequest call, domain::Step record, Instant due) {
  const auto& uses = std::get<language::UsesStep>(here().action);
  call.timeout = uses.timeout;
  if (execution().phase == domain::Phase::kMain && !record.deferred_since) {
    // The workflow's own time bounds every try, and a try that would come later is none.
    const Duration left = workflow_.timeout - spent();
    if (now_ + left <= due && due > now_) {
      add_timer(record, now_ + std::max(left, Duration(0)), "deadline");
      save(std::move(record));
      return;
    }
    call.timeout = std::clamp(left - (due - now_), Duration(1), uses.timeout);
  }
  ++record.sends;
  domain::Effect effect = effect_of(record, domain::EffectKind::kCall, due);
  effect.call = std::move(call);
  draft_.change.effects.push_back(std::move(effect));
  save(std::move(record));
}

bool Deliberation::take_in(const CallSucceeded& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kCall);
  if (effect == nullptr) return false;
  domain::Step record = *draft_.step(effect->path);
  ++record.attempts;
  finish(effect->id);
  execution().idempotency_keys.erase(effect->path);
  draft_.change.attempts.push_back({effect->path, record.sends, began(*effect, record), now_, "succeeded", ""});
  log(domain::LogLevel::kInfo, effect->path,
      effect->call.connector + "/" + effect->call.action + " succeeded " + took(record.started_at));
  succeed(std::move(record), fact.outputs);
  settled();
  return true;
}

bool Deliberation::take_in(const CallFailed& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kCall);
  if (effect == nullptr) return false;
  domain::Step record = *draft_.step(effect->path);
  if (record.sensitive ? fact.message != kConcealed : fact.message.size() > kLongestText) {
    CallFailed discreet = fact;  // receivers quote what they were sent
    discreet.message = record.sensitive ? std::string(kConcealed) : shortened(fact.message);
    return take_in(discreet);
  }
  finish(effect->id);
  draft_.change.attempts.push_back({effect->path, record.sends, began(*effect, record), now_, fact.code, fact.message});
  if (fact.failure_class != FailureClass::kDeferred) {
    ++record.attempts;
    record.deferred_since.reset();
  }
  // It may have happened: whoever repeats it, also in another execution, repeats it under the same key.
  if (fact.failure_class == FailureClass::kUnknown) {
    execution().idempotency_keys[effect->path] = effect->call.idempotency_key;
    if (!fact.repeatable && !may_happen_twice(*effect)) put_in_doubt(execution(), effect->path);
  }
  const auto& policy = std::get<language::UsesStep>(here().action).retry;
  const RetryVerdict verdict = judge(policy, record, fact, execution().seed, now_);
  if (!verdict.again) {
    fail_step(std::move(record), {verdict.code, verdict.message, effect->path});
    settled();
    return true;
  }
  if (verdict.deferred && !record.deferred_since) record.deferred_since = now_;
  record.status = domain::StepStatus::kWaiting;
  record.error = domain::Failure{fact.code, fact.message, effect->path};
  std::string what = verdict.deferred ? "was deferred" : "failed";
  if (fact.code != "deferred") what += ": " + fact.code;
  log(domain::LogLevel::kWarn, effect->path,
      "try " + std::to_string(record.sends) + " " + what + ": " + fact.message + "; next try in " + format_duration(verdict.wait));
  send(effect->call, std::move(record), now_ + verdict.wait);
  if (overdue()) time_out();
  return true;
}

}  // namespace ipaas::engine
