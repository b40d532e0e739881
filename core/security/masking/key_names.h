// Names whose values are secrets, whatever the values look like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipaas::security::masking {

/// `password`, `DB_PASS`, `apiKey`, `x-auth-token`, `client.secret` … with any separators and case; not `max_tokens`,
/// `token_count`, `author`, `next_page_token`.
[[nodiscard]] bool is_secret_name(std::string_view name);

/// Names that are secret in a URL's query only: `key`, `sig`, `signature`, `auth` …
[[nodiscard]] bool is_secret_query_name(std::string_view name);

/// Text that each of those names contains, for finding them: at least four bytes each, in lower case.
[[nodiscard]] std::vector<std::string> name_anchors();

}  // namespace ipaas::security::masking
