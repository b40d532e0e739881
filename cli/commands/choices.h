// What the value of a flag may be: one of a few words, or a number between two.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipaas::cli {

using Words = std::vector<std::string>;

[[nodiscard]] const Words& output_formats();      ///< of -o, for every command
[[nodiscard]] const Words& error_formats();       ///< of --format
[[nodiscard]] const Words& execution_statuses();  ///< of --status
[[nodiscard]] const Words& error_codes();         ///< of --code: how an execution fails
[[nodiscard]] const Words& log_levels();          ///< of --level
[[nodiscard]] const Words& shells();              ///< of completion

/// "did you mean `x`?", or else all of the words.
[[nodiscard]] std::string hint_for(const std::string& word, const Words& words);

/// Refusals are a message and a hint, with a line break between them, since CLI11 carries one text.
[[nodiscard]] CLI::Validator one_of(const Words& words);
/// An empty word is a variable of a script that was not set; taken for nothing, it would mean everything.
[[nodiscard]] CLI::Validator not_empty(const std::string& what);
[[nodiscard]] CLI::Validator between(std::int64_t least, std::int64_t most);

}  // namespace ipaas::cli
