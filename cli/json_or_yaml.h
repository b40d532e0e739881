// Values that a user may write as JSON or as YAML.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/world.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The object in a file, or in standard input for `-`: JSON, or one YAML document with the scalars of YAML 1.2's core
/// schema. Errors name the file and the place, never the content.
[[nodiscard]] ResultOrErrors<Json> read_object(const World& world, const std::string& path);

}  // namespace ipaas::cli
