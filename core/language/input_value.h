// Does a value fit a declared input?
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Checks a value as it is. Code `input_invalid`; the message does not show the value.
[[nodiscard]] Result<void> check_input_value(const Input& input, const Json& value);

/// "a number", "text" …
[[nodiscard]] std::string_view describe(Input::Type type);

}  // namespace ipaas::language
