// JSON Schema (draft-07) of the language, for editors.
#pragma once

#include <string_view>

#include "core/base/json.h"
#include "core/language/action_catalog.h"

namespace ipaas::language {

/// Describes a workflow as the parser reads it: made of the same key tables and the same catalog. What it refuses the
/// parser refuses too; what only the parser knows (names of steps, expressions, ranges of durations) it lets pass.
/// Source: https://json-schema.org/draft-07
[[nodiscard]] Json workflow_schema(const ActionCatalog& catalog);

/// The inputs of each action of a connector: an object whose `definitions` are named as `uses` names them. Null where the
/// catalog does not know the connector.
[[nodiscard]] Json connector_schema(const ActionCatalog& catalog, std::string_view connector);

}  // namespace ipaas::language
