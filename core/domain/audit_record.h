// Who did what.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"

namespace ipaas::domain {

struct AuditRecord {
  TenantId tenant;
  Instant at{};
  std::string actor;   ///< `owner:uid=0`, a user's id, `schedule`
  std::string action;  ///< `workflow.apply`, `credential.create`, `execution.cancel` …
  std::string target;  ///< id or name of the noun
  Json details = Json::object();  ///< sealed; holds no secret
};

}  // namespace ipaas::domain
