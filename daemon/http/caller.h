// Who asks.
#pragma once

#include <string>

#include "core/base/ids.h"
#include "core/security/permission.h"

namespace ipaas::daemon::http {

/// What the authenticator found out. The owner of the instance has no user id.
struct Caller {
  TenantId tenant = {};
  UserId user = {};
  std::string name = {};  ///< for the audit log, such as `uid:0`
  security::Role role = security::Role::kViewer;
};

}  // namespace ipaas::daemon::http
