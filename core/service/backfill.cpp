// Firing by hand what a schedule missed.
#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "core/base/time_text.h"
#include "core/service/named_schedules.h"
#include "core/service/scheduled.h"
#include "core/service/schedules.h"
#include "core/service/tick_plan.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

Result<void> check_times(const Context& context, const BackfillRequest& request) {
  if (request.from >= context.clock.now()) {
    return fail(ErrorKind::kInvalid, "the time to fill begins in the future, where the schedule fires by itself",
                "give a beginning before now, " + format_instant(context.clock.now()));
  }
  if (request.to <= request.from) {
    return fail(ErrorKind::kInvalid, "the time to fill ends before it begins",
                "give an end between " + format_instant(request.from) + " and now");
  }
  if (request.to > context.clock.now()) {
    return fail(ErrorKind::kInvalid, "the time to fill ends in the future, where the schedule fires by itself",
                "give an end up to now, " + format_instant(context.clock.now()));
  }
  return {};
}

/// The first instants that have not fired, at most one more than fits a request. What has fired is passed in one step.
Result<void> collect(const Context& context, const BackfillRequest& request, const domain::Schedule& schedule,
                     const ScheduleRule& rule, std::vector<Backfill::Item>& items) {
  const auto fired = context.reader.fired(context.caller.tenant, schedule.id, request.from, request.to);
  if (!fired) return tl::unexpected(fired.error());
  auto span = fired->begin();
  std::size_t room = kMostCaughtUp + 1;
  auto at = rule.next(request.from, true);
  while (at && *at < request.to && room > 0) {
    while (span != fired->end() && span->until <= *at) ++span;
    if (span != fired->end() && span->since <= *at) {
      at = rule.next(span->until, true);
      continue;
    }
    items.push_back({schedule, *at});
    --room;
    at = rule.next(*at);
  }
  return {};
}

Result<Backfill> planned(const Context& context, const BackfillRequest& request,
                         const std::vector<domain::Schedule>& schedules, const language::Workflow& definition) {
  Backfill backfill;
  for (const domain::Schedule& schedule : schedules) {
    const auto* on = trigger_of(definition, schedule);
    const auto rule = on == nullptr ? std::nullopt : ScheduleRule::of(schedule.id, *on);
    if (!rule) continue;
    if (auto collected = collect(context, request, schedule, *rule, backfill.items); !collected) {
      return tl::unexpected(collected.error());
    }
  }
  std::stable_sort(backfill.items.begin(), backfill.items.end(),
                   [](const auto& a, const auto& b) { return a.instant < b.instant; });
  if (backfill.items.size() > kMostCaughtUp) {
    backfill.left = backfill.items[kMostCaughtUp].instant;
    backfill.items.resize(kMostCaughtUp);
  }
  return backfill;
}

/// What became of the arrivals, as the writer tells it.
class Tally {
 public:
  explicit Tally(std::size_t count) : results_(count), left_(count) {}

  void set(std::size_t index, Result<Acceptance> result) {
    const std::lock_guard lock(mutex_);
    results_[index] = std::move(result);
    if (--left_ == 0) all_.notify_all();
  }
  const std::vector<std::optional<Result<Acceptance>>>& wait() {
    std::unique_lock lock(mutex_);
    all_.wait(lock, [&] { return left_ == 0; });
    return results_;
  }

 private:
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable all_;
  std::vector<std::optional<Result<Acceptance>>> results_;
  std::size_t left_;
};

Arrival arrival_of(const Context& context, const Backfill::Item& item, const language::WorkflowPtr& definition) {
  const language::ScheduleOn& on = *trigger_of(*definition, item.schedule);
  Arrival arrival = scheduled_arrival(item.schedule, definition, on, item.instant);
  store::AcceptEvent::Tick tick;
  tick.schedule = item.schedule.id;
  tick.due = item.instant;
  tick.next = ScheduleRule::of(item.schedule.id, on)->next(item.instant);
  tick.by_hand = true;
  arrival.tick = tick;
  arrival.starter = context.caller.actor;
  arrival.audit = audit(context, "schedule.backfill", item.schedule.workflow_name,
                        {{"schedule", item.schedule.id.str()}, {"instant", format_instant(item.instant)}});
  return arrival;
}

Result<void> start(const Context& context, const language::WorkflowPtr& definition, Backfill& backfill) {
  const auto tally = std::make_shared<Tally>(backfill.items.size());
  for (std::size_t i = 0; i < backfill.items.size(); ++i) {
    context.runtime.accept(arrival_of(context, backfill.items[i], definition),
                           [tally, i](Result<Acceptance> accepted) { tally->set(i, std::move(accepted)); });
  }
  std::vector<Backfill::Item> started;
  std::optional<Error> error;
  const auto& results = tally->wait();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Result<Acceptance>& accepted = *results[i];
    if (!accepted) {
      if (!error) error = accepted.error();
    } else if (!accepted->stale) {
      started.push_back(std::move(backfill.items[i]));
      started.back().execution = accepted->execution;
    }
  }
  if (error) {
    error->message = std::to_string(started.size()) + " of " + std::to_string(results.size()) +
                     " executions were started: " + error->message;
    error->hint = "do it again: those that were started are not started a second time";
    return tl::unexpected(*std::move(error));
  }
  backfill.items = std::move(started);
  return {};
}

}  // namespace

Result<Backfill> backfill_schedules(const Context& context, const BackfillRequest& request) {
  if (auto allowed = require(context.caller, security::Permission::kScheduleWrite); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (auto times = check_times(context, request); !times) return tl::unexpected(times.error());
  const auto schedules = named_schedules(context, request.name);
  if (!schedules) return tl::unexpected(schedules.error());
  const domain::Schedule& first = schedules->front();
  if (!first.enabled) {
    return fail(ErrorKind::kConflict, "the workflow \"" + first.workflow_name + "\" is disabled",
                "enable it with `ipaas workflow enable " + first.workflow_name + "`");
  }
  const auto definition =
      definition_of(context.reader, context.catalog, context.caller.tenant, first.workflow, first.version);
  if (!definition) return tl::unexpected(definition.error());
  auto backfill = planned(context, request, *schedules, **definition);
  if (!backfill || request.dry_run) return backfill;
  if (auto started = start(context, *definition, *backfill); !started) return tl::unexpected(started.error());
  return backfill;
}

}  // namespace ipaas::service
