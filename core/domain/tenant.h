// Whose data it is.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::domain {

struct Tenant {
  TenantId id;
  std::string name;  ///< unique in the instance; `default` is made with the store
  Instant created_at{};
};

}  // namespace ipaas::domain
