// `on:` what starts a workflow.
#pragma once

#include "core/language/parser/expressions.h"
#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Fills in `webhook`, `schedules`, `manual` and `on_workflow`. Inputs have been read, as schedules give them values, and
/// `after_steps` is what a shaped answer to a webhook sees.
void read_triggers(Reading& reading, const yaml::Entry& entry, const Place& after_steps, Workflow& workflow);

void read_webhook(Reading& reading, const yaml::Entry& entry, const Place& after_steps, Workflow& workflow);
void read_schedules(Reading& reading, const yaml::Entry& entry, Workflow& workflow);

}  // namespace ipaas::language
