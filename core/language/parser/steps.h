// `steps:` what a workflow does.
#pragma once

#include "core/language/parser/expressions.h"
#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Reads all steps and returns their ids, the written and the given ones.
StepIds read_steps(Reading& reading, const yaml::Entry& entry, Workflow& workflow);

/// The ids of the steps, before the steps themselves are read: a reference to a later step is told from a misspelt
/// one. Reports ids that are no names or not unique.
[[nodiscard]] StepIds read_step_ids(Reading& reading, const yaml::Node::Items& nodes);

}  // namespace ipaas::language
