// What has been decided and is not yet known to be done: a row of the outbox.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"

namespace ipaas::domain {

enum class EffectKind {
  kStart,        ///< take the first decision
  kCall,         ///< call a connector
  kTimer,        ///< a sleep is over, or nobody answered in time
  kChild,        ///< start another workflow; stays until the child has ended, unless nobody waits for it
  kCancelChild,  ///< cancel what the effect named by `path` has started
  kReport,       ///< tell the parent that this execution has ended
  kAnnounce,     ///< start the workflows that wait for this one's end
};

[[nodiscard]] constexpr std::string_view effect_name(EffectKind kind) {
  switch (kind) {
    case EffectKind::kStart: return "start";
    case EffectKind::kCall: return "call";
    case EffectKind::kTimer: return "timer";
    case EffectKind::kChild: return "child";
    case EffectKind::kCancelChild: return "cancel-child";
    case EffectKind::kReport: return "report";
    case EffectKind::kAnnounce: break;
  }
  return "announce";
}

/// A token bucket that everything with the same key in the tenant shares.
struct CallRate {
  std::string key;
  int count = 1;
  Duration per{};
};

/// The payload of a call; every attempt sends the same.
struct CallRequest {
  std::string connector;
  std::string action;
  std::string credential;  ///< name, or empty
  Json inputs;
  std::string idempotency_key;
  bool keyed = false;  ///< the key was written in the workflow, which makes the call repeatable
  Duration timeout{};
  std::optional<CallRate> rate = {};
};

/// The payload of kChild.
struct ChildRequest {
  std::string workflow;  ///< name, in the same tenant
  Json inputs;
  bool wait = true;
};

struct Effect {
  EffectId id;  ///< `<execution>/<step path>/<send number>`, so a decision needs no randomness
  TenantId tenant;
  ExecutionId execution;
  EffectKind kind = EffectKind::kCall;
  std::string path;  ///< of the step; of kCancelChild the id of the kChild effect
  Instant due_at{};
  CallRequest call;
  ChildRequest child = {};
};

[[nodiscard]] inline std::string_view key_of(const Effect& effect) { return effect.id.str(); }

/// Names one life of one daemon. A lease of another boot is dead.
using BootId = std::int64_t;

}  // namespace ipaas::domain
