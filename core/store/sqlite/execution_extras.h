// What an execution carries from its beginning, and most executions have none of.
#pragma once

#include "core/domain/execution.h"

namespace ipaas::store::sqlite {

/// Null where all of it is as usual: the group's name, groups that are held, depth, what led to it, parent, starter, what is retried,
/// idempotency keys and variables.
[[nodiscard]] Json extras_of(const domain::Execution& execution);

/// The other way round. Throws Refusal where it is no such value.
void put_extras(const Json& extras, domain::Execution& execution);

/// Without what came from outside: variables and keys.
[[nodiscard]] Json bare_extras(Json extras);

}  // namespace ipaas::store::sqlite
