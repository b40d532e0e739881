// What stands at the top of a workflow beside triggers and steps.
#pragma once

#include "core/language/parser/step_reader.h"

namespace ipaas::language {

/// `concurrency`, `timeout`, `retention`, `priority`, `labels`.
void read_settings(Reading& reading, const yaml::Node& root, Workflow& workflow);

/// `defaults`.
[[nodiscard]] StepDefaults read_defaults(Reading& reading, const yaml::Node& root);

/// Warns of the default credentials that no step has used.
void warn_of_unused(Reading& reading, const StepDefaults& defaults, const Workflow& workflow);

}  // namespace ipaas::language
