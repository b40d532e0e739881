// What a workflow declares `sensitive` is never shown.
#pragma once

#include "core/domain/execution.h"
#include "core/domain/workflow.h"
#include "core/language/workflow.h"

namespace ipaas::service {

/// In the place of every sensitive input, of what sensitive steps gave, went over and failed with, and of what the steps
/// around them gave, as that is made of it. Steps inside a sensitive step are sensitive too.
void conceal(const language::Workflow& workflow, domain::ExecutionSnapshot& snapshot);

/// May conceal() change anything? Tells it by the text, without parsing it.
[[nodiscard]] bool may_conceal(const domain::WorkflowVersion& version);

}  // namespace ipaas::service
