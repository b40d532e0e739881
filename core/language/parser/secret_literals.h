// Secrets that somebody wrote into a workflow.
#pragma once

#include "core/language/parser/reading.h"
#include "core/language/workflow_parser.h"

namespace ipaas::language {

/// Warns of each scalar that looks like a secret. The message does not show it.
void warn_of_secrets(Reading& reading, const yaml::Node& root, const SecretTest& looks_secret);

}  // namespace ipaas::language
