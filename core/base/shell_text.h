// Texts in commands that a person copies into a shell.
#pragma once

#include <string>
#include <string_view>

namespace ipaas {

/// In single quotes, so that a POSIX shell reads exactly this text.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// As it is where a shell reads it as one word, else quoted.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace ipaas
