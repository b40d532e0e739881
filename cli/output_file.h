// Files that a command writes for a user, each whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::cli {

/// Writes beside the file and renames, so that nobody ever reads half of it. Its mode stays; a symbolic link stays one,
/// and what it points to is replaced. Refuses what is no regular file or may not be written. Errors name the file.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view content);

/// The same for a file that may be new, with the permissions of a new file; a symbolic link is itself replaced.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view content);

}  // namespace ipaas::cli
