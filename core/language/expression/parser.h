// From tokens to a program.
#pragma once

#include <memory>
#include <string_view>

#include "core/language/expression/ast.h"

namespace ipaas::language {

/// Errors and positions are as Expression::parse says.
[[nodiscard]] Result<std::shared_ptr<const Program>> parse_program(std::string_view source,
                                                                   const ExpressionScope& scope, std::size_t shift);

}  // namespace ipaas::language
