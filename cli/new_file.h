// Files that a command writes for a user.
#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::cli {

/// Writes `path` whole or not at all, with the permissions of a new file; what has the name already is replaced, a link
/// itself instead of what it points to. A directory or another thing that is no file is refused.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace ipaas::cli
