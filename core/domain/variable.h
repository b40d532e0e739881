// A value that all workflows of a tenant may read.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/json.h"

namespace ipaas::domain {

struct Variable {
  TenantId tenant;
  std::string name;  ///< as it was first written; unique in the tenant regardless of letter case
  Json value;
  Instant updated_at{};
};

}  // namespace ipaas::domain
