// Files and standard input that a user names.
#pragma once

#include <string>

#include "cli/world.h"
#include "core/base/error.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The whole file, or of `-` the whole standard input; at most 32 MiB.
[[nodiscard]] Result<std::string> read_input(const World& world, const std::string& path);

/// A JSON object. Errors name the file, never its content.
[[nodiscard]] Result<Json> read_json_object(const World& world, const std::string& path);

/// What messages call it: `<stdin>` for `-`.
[[nodiscard]] std::string display_name(const std::string& path);

}  // namespace ipaas::cli
