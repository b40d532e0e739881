// `on:` what starts a workflow.
#pragma once

#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Fills in `webhook`, `schedules`, `manual` and `on_workflow`. The inputs have been read, as schedules give them values.
void read_triggers(Reading& reading, const yaml::Entry& entry, Workflow& workflow);

void read_webhook(Reading& reading, const yaml::Entry& entry, Workflow& workflow);
void read_schedules(Reading& reading, const yaml::Entry& entry, Workflow& workflow);

}  // namespace ipaas::language
