// Asking a person for the fields of a credential.
#pragma once

#include "cli/world.h"
#include "core/base/json.h"
#include "core/connectors/credential_type.h"

namespace ipaas::cli {

/// Asks for each field of the type on the terminal, secret ones without echo. An optional field may be left empty, and
/// of fields of which one is enough the rest is not asked for.
[[nodiscard]] Result<Json> ask_for_fields(const World& world, const connectors::CredentialType& type);

}  // namespace ipaas::cli
