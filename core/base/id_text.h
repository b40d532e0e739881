// Identifiers that somebody wrote.
#pragma once

#include <cstddef>
#include <string_view>

namespace ipaas {

/// The form of what IdSource makes, such as `ex_` with 26 digits of Crockford's base 32; whether there is such a thing
/// is another question.
[[nodiscard]] inline bool is_id(std::string_view text, std::string_view prefix) {
  constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  constexpr std::size_t kLength = 26;
  return text.size() == prefix.size() + kLength && text.starts_with(prefix) &&
         text.find_first_not_of(kDigits, prefix.size()) == std::string_view::npos;
}

}  // namespace ipaas
