// `inputs:` the values that a workflow takes.
#pragma once

#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

void read_inputs(Reading& reading, const yaml::Entry& entry, Workflow& workflow);

}  // namespace ipaas::language
