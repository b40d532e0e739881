// Telling a workflow that has no history from one that does not exist.
#pragma once

#include <string>

#include "cli/api/client.h"
#include "cli/exit_code.h"

namespace ipaas::cli {

/// An error of kind kNotFound, with the name that was probably meant, when the daemon knows no workflow of this name;
/// the daemon's own error when it cannot be asked.
[[nodiscard]] ResultOrErrors<void> require_workflow(const Client& client, const std::string& name);

}  // namespace ipaas::cli
