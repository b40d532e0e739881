// Is this text fit to be read as YAML at all?
#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::language::yaml {

/// The first byte that is not UTF-8 (RFC 3629: no overlong forms, no surrogates) or the first character that YAML 1.2.2
/// section 5.1 calls not printable, as an error with its position; nothing if there is none.
[[nodiscard]] std::optional<Error> check_text(std::string_view text);

}  // namespace ipaas::language::yaml
