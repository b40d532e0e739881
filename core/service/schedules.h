// Looking after schedules: what they are due for, letting them rest, and firing what was missed by hand.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"
#include "core/service/schedule_rule.h"

namespace ipaas::service {

/// Of one workflow, or of all where `workflow` is empty; by workflow.
[[nodiscard]] Result<std::vector<domain::Schedule>> list_schedules(const Context& context, const std::string& workflow);

/// How much later than it should the schedule fired last; or, where that is more, how long an instant waits to be fired
/// by now.
[[nodiscard]] Duration lag_of(const domain::Schedule& schedule, Instant now);

/// `name` is that of a workflow, for all its schedules, or the id of one. A schedule that rests fires nothing, and resuming
/// it makes up for nothing of that time. Answers with the schedules as they are then. kConflict where the workflow has
/// none.
[[nodiscard]] Result<std::vector<domain::Schedule>> pause_schedules(const Context& context, const std::string& name,
                                                                    bool paused);

struct BackfillRequest {
  std::string name = {};  ///< as for pause_schedules
  Instant from{};
  Instant to{};          ///< not in it, and not in the future
  bool dry_run = false;
};

struct Backfill {
  struct Item {
    domain::Schedule schedule;
    Instant instant{};
    ExecutionId execution = {};  ///< empty in a dry run
  };
  std::vector<Item> items;  ///< oldest first; those that another one was faster to fire are not among them
  /// There was more than fits one request: the first instant that was left.
  std::optional<Instant> left = {};
};

/// Starts an execution for each instant that has not fired, paused or not: at most kMostCaughtUp, the oldest first. Each is
/// audited. May be repeated: what has fired does not fire again. kConflict where the workflow is disabled. When it fails
/// on its way, the error says how many were started. Waits for the writer.
[[nodiscard]] Result<Backfill> backfill_schedules(const Context& context, const BackfillRequest& request);

/// Lets each stand at its first instant after `now` that it has not passed yet. Without a definition there is no jitter.
void stand_after(std::vector<domain::Schedule>& schedules, const language::Workflow* definition, Instant now);

}  // namespace ipaas::service
