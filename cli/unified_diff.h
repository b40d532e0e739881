// Two texts as the lines that differ.
#pragma once

#include <string>
#include <string_view>

namespace ipaas::cli {

/// The unified format of POSIX diff -u, three lines of context, without the two head lines; empty when the texts are
/// equal.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace ipaas::cli
