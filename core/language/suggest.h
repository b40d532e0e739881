// "Did you mean …".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipaas::language {

/// The candidate that the word most likely was meant to be: the one with the fewest insertions, deletions,
/// substitutions and swaps of neighbours (Damerau-Levenshtein, optimal string alignment), letter case aside. Nothing
/// when even the nearest differs in more than a third of its letters. Of equals the first wins. The result views the
/// candidate.
[[nodiscard]] std::optional<std::string_view> closest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

/// "did you mean `x`?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ipaas::language
