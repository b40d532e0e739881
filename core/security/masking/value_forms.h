// The forms in which a secret may turn up in a text.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ipaas::security::masking {

inline constexpr std::size_t kShortestSecret = 4;
/// From this length on a value is looked for in its encodings too; a shorter one would hide half of every text.
inline constexpr std::size_t kShortestEncoded = 8;

/// Every form of a registered value (promise 14): itself, trimmed, its lines, the leaves of a JSON document; and of each of those
/// from kShortestEncoded bytes on base64 and base64url at three offsets, hex, URL, JSON-escaped and XML-escaped. Nothing for a value below kShortestSecret.
[[nodiscard]] std::set<std::string> forms_of(std::string_view value);

}  // namespace ipaas::security::masking
