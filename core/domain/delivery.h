// What came in at a webhook, and what became of it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::domain {

struct Delivery {
  enum class Fate {
    kAccepted,   ///< `execution` came of it
    kDisabled,   ///< kept, for a replay
    kDuplicate,  ///< of the one that `execution` came of
    kFiltered,
    kRefused,    ///< `code` and `reason` say why
  };
  EventId id;  ///< that of the event where one was kept
  TenantId tenant;
  WorkflowId workflow;
  Instant at{};
  Fate fate = Fate::kAccepted;
  ExecutionId execution = {};
  std::string code = {};    ///< signature_mismatch, too_large …
  std::string reason = {};  ///< for a person; quotes nothing of what came
};

[[nodiscard]] constexpr std::string_view fate_name(Delivery::Fate fate) {
  switch (fate) {
    case Delivery::Fate::kAccepted: return "accepted";
    case Delivery::Fate::kDisabled: return "disabled";
    case Delivery::Fate::kDuplicate: return "duplicate";
    case Delivery::Fate::kFiltered: return "filtered";
    case Delivery::Fate::kRefused: break;
  }
  return "refused";
}

/// Was it kept, so that it can be played again?
[[nodiscard]] constexpr bool is_kept(Delivery::Fate fate) {
  return fate == Delivery::Fate::kAccepted || fate == Delivery::Fate::kDisabled;
}

}  // namespace ipaas::domain
