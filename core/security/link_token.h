// Tokens that let whoever holds a link do one thing, without a session and without a row in the store.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/secret.h"

namespace ipaas::security {

/// HMAC-SHA256 of the parts, each headed by its length, as base64url: 43 characters, 256 bits. The same arguments give the
/// same token.
[[nodiscard]] std::string link_token(const Secret& key, std::initializer_list<std::string_view> parts);

/// Is it the token that one of the keys makes of the parts? Takes the same time wherever it differs, and as long without
/// any key as with one.
[[nodiscard]] bool is_link_token(const std::vector<Secret>& keys, std::initializer_list<std::string_view> parts,
                                 std::string_view token);

}  // namespace ipaas::security
