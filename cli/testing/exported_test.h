// A test made of an execution, held against the workflow before anybody gets to see it.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "core/base/json.h"
#include "core/connectors/catalog.h"

namespace ipaas::cli {

/// Runs the one case of the test and writes into its expectations what came out, so that it passes as it is; gives back
/// the places where that is not what the execution came to, which follows from masked values or from time. An error where
/// it cannot be run.
[[nodiscard]] ResultOrErrors<std::vector<std::string>> settle_expectations(Json& test, const std::string& source,
                                                                           const connectors::Catalog& catalog);

}  // namespace ipaas::cli
