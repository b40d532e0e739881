// Workflows in one canonical way of writing.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::language {

/// The same YAML with canonical indentation, order of keys, quotes and brackets. Comments and, up to one, empty lines
/// stay with what they belong to; block scalars, anchors and aliases stay as they are. Formatting the result again
/// changes nothing. A text that is no workflow is formatted all the same, in its own order. Pure.
///
/// The result is read again and compared: where it would mean something else, or miss a comment, there is an error
/// `internal` instead. Fails with every error that `yaml::read` finds; errors carry no file.
[[nodiscard]] ResultOrErrors<std::string> format_yaml(std::string_view text);

}  // namespace ipaas::language
