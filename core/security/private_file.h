// Small files that only their owner may read, replaced in one step.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/secret.h"

namespace ipaas::security {

/// What a private file holds, or nothing when there is none. Refused (kInvalid): a file that group or others may touch, that
/// another user than this process's owns, that is no regular file, or is larger than `limit` bytes. Code `key_exposed`
/// for the first two, `key_malformed` else.
[[nodiscard]] Result<std::optional<Secret>> read_private_file(const std::filesystem::path& path, std::size_t limit);

enum class Existing { kKeep, kReplace };

/// Writes `path` whole or not at all, 0600 under any umask: a new file beside it, fsync, rename, fsync of the
/// directory. With kKeep an existing file is an error (kConflict). With kReplace the old file's bytes are overwritten
/// afterwards, as far as the file system lets them be. What a kill leaves behind is `path` + `.tmp`, which the next write or
/// `discard_leftover` removes. One writer at a time.
[[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path, std::string_view content, Existing existing);

/// Removes what a killed write left.
void discard_leftover(const std::filesystem::path& path);

}  // namespace ipaas::security
