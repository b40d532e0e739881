// Tokens that are more than a prefix and a run of bytes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/security/masking/literal_index.h"
#include "core/security/masking/span.h"

namespace ipaas::security::masking {

/// One kind of token: the literals that betray it, and a function that looks at the text around one of them and says what
/// to mask. Each looks at its text once, so that a text full of anchors stays linear.
struct StructuredToken {
  std::string_view name;
  Letters letters;
  std::vector<std::string> (*anchors)();
  std::optional<Span> (*find)(std::string_view text, std::size_t at);
};

[[nodiscard]] std::span<const StructuredToken> structured_tokens();

}  // namespace ipaas::security::masking
