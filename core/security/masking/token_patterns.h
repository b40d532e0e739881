// Texts that are secrets by their looks: the tokens of well-known providers, JWTs, private keys, URLs with user info.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/security/masking/literal_index.h"
#include "core/security/masking/span.h"

namespace ipaas::security::masking {

/// A literal that a token of the rule begins with (or holds, see `token_at`).
struct TokenAnchor {
  std::string literal;
  Letters letters = Letters::kExact;
  std::uint32_t rule = 0;
};

[[nodiscard]] std::vector<TokenAnchor> token_anchors();

/// The part to mask of the token whose anchor begins at `at`, if it is one.
[[nodiscard]] std::optional<Span> token_at(std::uint32_t rule, std::string_view text, std::size_t at);

}  // namespace ipaas::security::masking
