// Credentials: created, listed, deleted, never shown.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

[[nodiscard]] Result<domain::Credential> create_credential(const Context& context, const std::string& name,
                                                           const std::string& type, const Json& fields);

/// Names, types and times.
[[nodiscard]] Result<std::vector<domain::Credential>> list_credentials(const Context& context);

/// kConflict while the newest version of a workflow names it. Its values stay known to the masker.
[[nodiscard]] Result<void> delete_credential(const Context& context, const std::string& name);

}  // namespace ipaas::service
