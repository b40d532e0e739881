#include "cli/workflow_warnings.h"

#include "core/language/cron.h"

namespace ipaas::cli {

Errors warnings_of(const std::vector<WorkflowDocument>& documents) {
  Errors warnings;
  for (const WorkflowDocument& document : documents) {
    for (const language::ScheduleOn& schedule : document.workflow->schedules) {
      const auto cron = language::CronSchedule::parse(schedule.cron);
      if (!cron || !cron->sets_both_days()) continue;
      Error warning{ErrorKind::kInvalid, "the schedule sets day of month and day of week, so that either matches",
                    "leave one of them at *", "both_days"};
      warning.file = document.file;
      warning.position = schedule.position;
      warnings.push_back(std::move(warning));
    }
  }
  return warnings;
}

}  // namespace ipaas::cli
