// Values that all workflows of a tenant may read as `vars.<name>`.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

/// Of one variable, as JSON text.
inline constexpr std::size_t kLongestVariable = 64UL * 1024;
inline constexpr std::size_t kMostVariables = 1000;

[[nodiscard]] Result<std::vector<domain::Variable>> list_variables(const Context& context);

/// Executions that begin from now on see the value; those that have begun keep what they saw. kInvalid for a name that
/// no expression could write (bad_name), kTooLarge for a value or a number of variables beyond its limit.
[[nodiscard]] Result<domain::Variable> set_variable(const Context& context, const std::string& name, const Json& value);

/// The name in any letter case. A workflow that names it reads null from then on.
[[nodiscard]] Result<void> delete_variable(const Context& context, const std::string& name);

}  // namespace ipaas::service
