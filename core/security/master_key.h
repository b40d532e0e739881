// The key that every other key is sealed under.
#pragma once

#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/secret.h"

namespace ipaas::security {

/// 32 random bytes.
[[nodiscard]] Secret random_key(Randomness& randomness);

/// Reads the master key: a text file of comment lines (`#`) and one line of base64 for 32 bytes. Nothing when there is
/// no such file. Errors as read_private_file, and `key_malformed`.
[[nodiscard]] Result<std::optional<Secret>> read_master_key(const std::filesystem::path& path);

/// Makes a master key and its file, durably; never replaces one.
[[nodiscard]] Result<Secret> create_master_key(const std::filesystem::path& path, Randomness& randomness);

}  // namespace ipaas::security
