#include "core/engine/retry.h"

#include <algorithm>

#include "core/base/time_text.h"

namespace ipaas::engine {
namespace {

/// A receiver that asks to wait and does not say how long, or says "no time at all", is not asked again at once: deferred
/// tries are not counted, so nothing else would slow them down.
constexpr Duration kLeastDeferral = std::chrono::seconds(1);

/// FNV-1a over the path, finished as splitmix64 does: spread evenly, the same on every machine.
std::uint64_t spread(std::uint64_t seed, std::string_view path, int send) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash += 0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(send);
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31U);
}

/// The wait before try `tries + 1`: the policy's curve, capped, then jittered.
Duration back_off(const language::RetryPolicy& policy, int tries, const domain::Step& step, std::uint64_t seed) {
  using Backoff = language::RetryPolicy::Backoff;
  Duration wait = policy.delay;
  if (policy.backoff == Backoff::kLinear) wait = policy.delay * tries;
  if (policy.backoff == Backoff::kExponential) {
    for (int i = 1; i < tries && wait < policy.max_delay; ++i) wait *= 2;
  }
  wait = std::min(wait, policy.max_delay);
  if (policy.jitter == language::RetryPolicy::Jitter::kFull) {
    const auto span = static_cast<std::uint64_t>(wait.count()) + 1;
    wait = Duration(static_cast<std::int64_t>(spread(seed, step.path, step.sends) % span));
  }
  return wait;
}

bool may_repeat(const language::RetryPolicy& policy, const CallFailed& failure) {
  switch (failure.failure_class) {
    case FailureClass::kNotSent:
    case FailureClass::kRejected: return failure.worth_retrying;
    case FailureClass::kUnknown: return failure.repeatable || policy.retry_unknown;
    case FailureClass::kDeferred: return true;
  }
  return false;
}

RetryVerdict judge_deferred(const language::RetryPolicy& policy, const domain::Step& step, const CallFailed& failure,
                            std::uint64_t seed, Instant now) {
  const Duration asked = failure.retry_after.value_or(back_off(policy, std::max(step.sends, 1), step, seed));
  const Duration wait = std::max(asked, kLeastDeferral);
  const Instant since = step.deferred_since.value_or(now);
  if (now + wait - since > policy.max_defer) {
    return {.code = "deferred_too_long",
            .message = "the receiver kept asking to wait, for longer than max-defer " +
                       format_duration(policy.max_defer) + ": " + failure.message};
  }
  return {.again = true, .wait = wait, .deferred = true};
}

}  // namespace

RetryVerdict judge(const language::RetryPolicy& policy, const domain::Step& step, const CallFailed& failure,
                   std::uint64_t seed, Instant now) {
  if (failure.failure_class == FailureClass::kDeferred) return judge_deferred(policy, step, failure, seed, now);
  if (may_repeat(policy, failure)) {
    if (step.attempts < policy.max_attempts) {
      return {.again = true, .wait = back_off(policy, step.attempts, step, seed)};
    }
    return {.code = failure.code, .message = failure.message};
  }
  if (failure.failure_class == FailureClass::kUnknown) {
    // Repeating it could do it twice, so a person has to look; `retry: {on-unknown: retry}` says that twice is fine.
    return {.code = "outcome_unknown",
            .message = "it may or may not have happened (" + failure.message +
                       "); look at the receiver, and if a repeat is harmless there, write `retry: {on-unknown: retry}`"};
  }
  return {.code = failure.code, .message = failure.message};
}

}  // namespace ipaas::engine
