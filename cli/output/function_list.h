// The functions of the expression language, for people and for programs.
#pragma once

#include <string>

#include "cli/output/style.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// Every function with its signature, what it does, when it fails and an example.
[[nodiscard]] std::string function_list(const Style& style);

/// An array of objects with `group name signature parameters returns summary errors example result`.
[[nodiscard]] Json function_list_json();

/// Their names only, a line for each group.
[[nodiscard]] std::string function_names();

/// The section of the manual page, in mdoc(7).
[[nodiscard]] std::string function_manual();

}  // namespace ipaas::cli
