// The part of the JSON Schema that comes from the catalog.
#pragma once

#include "core/base/json.h"
#include "core/language/action_catalog.h"

namespace ipaas::language {

/// Of `with`.
[[nodiscard]] Json schema_of_inputs(const ActionInfo& action);

/// Of a step that uses the action, whose inputs `inputs` describes.
[[nodiscard]] Json schema_of_use(const ActionInfo& action, Json inputs);

}  // namespace ipaas::language
