// Names and ids on the command line, as a person or `-o name` writes them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/commands/command_line.h"

namespace ipaas::cli {

/// `workflow/order-alerts` -> `order-alerts`, where the kind is the one that is asked for; any other text as it is.
[[nodiscard]] std::string without_kind(const std::string& text, std::string_view kind);

/// Lets an option take its name or id with one of the kinds in front, as `-o name` prints it.
CLI::Option* takes_reference(CLI::Option* option, std::initializer_list<std::string_view> kinds);

}  // namespace ipaas::cli
