// What a workflow may be called.
#pragma once

#include <string_view>

namespace ipaas::language {

/// a-z, 0-9 and -, up to 63, beginning with no -.
[[nodiscard]] constexpr bool is_workflow_name(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= kLongest && text.front() != '-' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace ipaas::language
