// Who may ask for something.
#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::domain {

struct User {
  UserId id;
  TenantId tenant;
  std::string name;
  Instant created_at{};
};

}  // namespace ipaas::domain
