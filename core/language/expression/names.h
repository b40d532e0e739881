// Names that an expression uses and that are not there: what to write instead.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/error.h"
#include "core/language/expression/expression.h"

namespace ipaas::language {

/// `unknown_context` for a name at a byte offset of the source.
[[nodiscard]] Error unknown_context(std::string_view name, std::size_t offset, const ExpressionScope& scope);

/// `unknown_function` for a name at a byte offset of the source.
[[nodiscard]] Error unknown_function(std::string_view name, std::size_t offset, const ExpressionScope& scope);

}  // namespace ipaas::language
