// A named secret of a tenant.
#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/secret.h"

namespace ipaas::domain {

struct Credential {
  CredentialId id;
  TenantId tenant;
  std::string name;  ///< unique among the tenant's living credentials
  std::string type;  ///< generic, bearer, slack …
  Instant created_at{};
  Instant updated_at{};
  /// Set once it is deleted: its values stay registered with the masker, and nothing else may use them.
  std::optional<Instant> deleted_at;
  Secret fields;  ///< a JSON object as text; empty where only the name is asked for
};

}  // namespace ipaas::domain
