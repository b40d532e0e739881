// Values for programs: JSON and YAML.
#pragma once

#include <string>

#include "core/base/json.h"

namespace ipaas::cli {

/// Two-space indented, keys in the order they came, ended by a newline. Characters that could steer a terminal are
/// written as JSON escapes, so that the text is safe to look at and still the same value.
[[nodiscard]] std::string json_text(const Json& value);

/// The same on one line: for streams, one value a line.
[[nodiscard]] std::string json_line(const Json& value);

/// Block style, ended by a newline. Every text that YAML could take for something else is quoted.
[[nodiscard]] std::string yaml_text(const Json& value);

}  // namespace ipaas::cli
