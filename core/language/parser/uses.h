// The parts of a step that calls an action of a connector.
#pragma once

#include "core/language/parser/expressions.h"
#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// `with`, checked against what the action takes; `with` is nullptr where the step has none.
[[nodiscard]] TemplateTree read_with(Reading& reading, const yaml::Entry& uses, const yaml::Entry* with,
                                     const ActionInfo& action, const Place& place);

[[nodiscard]] RetryPolicy read_retry(Reading& reading, const yaml::Entry& entry);

}  // namespace ipaas::language
