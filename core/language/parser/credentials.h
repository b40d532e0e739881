// The credentials that a workflow names, each with the types that fit every one of its uses.
#pragma once

#include <string>
#include <vector>

#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Adds a use of a credential. Reports `credential_conflict` where no type would fit this use and those before it.
void use_credential(Reading& reading, Workflow& workflow, const std::string& name,
                    const std::vector<std::string>& types, SourcePosition position);

}  // namespace ipaas::language
