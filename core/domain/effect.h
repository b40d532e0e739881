// What has been decided and is not yet known to be done: a row of the outbox.
#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"

namespace ipaas::domain {

enum class EffectKind {
  kStart,  ///< take the first decision
  kCall,   ///< call a connector
};

[[nodiscard]] constexpr std::string_view effect_name(EffectKind kind) {
  return kind == EffectKind::kStart ? "start" : "call";
}

/// The payload of a call; every attempt sends the same.
struct CallRequest {
  std::string connector;
  std::string action;
  std::string credential;  ///< name, or empty
  Json inputs;
  std::string idempotency_key;
  Duration timeout{};
};

struct Effect {
  EffectId id;  ///< `<execution>/<step path>/<send number>`, so a decision needs no randomness
  TenantId tenant;
  ExecutionId execution;
  EffectKind kind = EffectKind::kCall;
  std::string path;
  Instant due_at{};
  CallRequest call;
};

/// Names one life of one daemon. A lease of another boot is dead.
using BootId = std::int64_t;

}  // namespace ipaas::domain
