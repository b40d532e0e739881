#include "core/store/memory/groups.h"

#include <algorithm>

#include "core/store/memory/outbox.h"
#include "core/store/parking.h"

namespace ipaas::store::memory {
namespace {

/// Has somebody who led to it a slot in its group, for both of them?
bool shares_slot(const Tables& tables, const domain::Execution& execution) {
  for (std::optional<domain::Parent> parent = execution.parent; parent;) {
    const auto found = tables.executions.find(parent->execution);
    if (found == tables.executions.end()) return false;
    if (!domain::has_ended(found->second.execution) && found->second.slot == execution.group) return true;
    parent = found->second.execution.parent;
  }
  return false;
}

void stand(Group& group, const ExecutionRow& row) {
  const domain::Execution& execution = row.execution;
  if (execution.status == domain::ExecutionStatus::kQueued) {
    group.waiting.emplace(row.no, execution.id);
  } else if (execution.started_at && !domain::has_ended(execution)) {
    group.holding.emplace(row.no, execution.id);
  }
}

/// What it has called and what goes on without it counts itself from now on.
void leave_slot_to_children(Tables& tables, const ExecutionId& ended) {
  for (auto child = tables.children.lower_bound({ended, EffectId()});
       child != tables.children.end() && child->first.first == ended; ++child) {
    ExecutionRow& row = tables.executions.at(child->second);
    if (domain::has_ended(row.execution)) continue;
    if (row.execution.group && !row.slot) {
      row.slot = row.execution.group;
      stand(tables.groups[{row.execution.tenant, *row.slot}], row);
    }
    leave_slot_to_children(tables, row.execution.id);
  }
}

std::size_t limit_of(const Tables& tables, const ExecutionId& id) {
  return static_cast<std::size_t>(tables.executions.at(id).execution.group_limit);
}

}  // namespace

std::optional<Outcome> refuse(Tables& tables, const ExecutionRow& row, const std::optional<Instant>& look_again) {
  const domain::Execution& execution = row.execution;
  if (!row.slot) return std::nullopt;
  const auto found = tables.groups.find({execution.tenant, *row.slot});
  if (found == tables.groups.end()) return std::nullopt;
  const Group& group = found->second;
  const auto mine = group.waiting.find(row.no);
  if (mine == group.waiting.end()) return std::nullopt;
  const auto in_front = static_cast<std::size_t>(std::distance(group.waiting.begin(), mine));
  if (group.holding.size() + in_front < limit_of(tables, execution.id)) return std::nullopt;
  put_off_start(tables, execution.id, look_again.value_or(kParked));
  return Outcome{.kind = Outcome::Kind::kBusy,
                 .oldest = group.holding.empty() ? ExecutionId() : group.holding.begin()->second,
                 .count = static_cast<std::int64_t>(in_front)};
}

void join(const Tables& tables, ExecutionRow& row) {
  const domain::Execution& execution = row.execution;
  row.slot = domain::own_group(execution);
  if (!row.slot && execution.parent && !shares_slot(tables, execution)) row.slot = execution.group;
}

GroupStanding standing(const Tables& tables, const ExecutionRow& row) {
  if (!row.slot) return {};
  const auto found = tables.groups.find({row.execution.tenant, *row.slot});
  if (found == tables.groups.end()) return {};
  const Group& group = found->second;
  const auto mine = group.waiting.find(row.no);
  if (mine == group.waiting.end()) return {};
  GroupStanding standing;
  standing.in_front = std::min<std::int64_t>(std::distance(group.waiting.begin(), mine), GroupStanding::kLongestCount);
  for (const auto& [no, holder] : group.holding) {
    if (standing.holders.size() < GroupStanding::kMostHolders) standing.holders.push_back(holder);
  }
  return standing;
}

void regroup(Tables& tables, const ExecutionRow& row) {
  const domain::Execution& execution = row.execution;
  const bool ended = domain::has_ended(execution);
  if (ended) leave_slot_to_children(tables, execution.id);
  if (!row.slot) return;
  const GroupKey key(execution.tenant, *row.slot);
  Group& group = tables.groups[key];
  const bool queued = execution.status == domain::ExecutionStatus::kQueued;
  const bool left = !queued && group.waiting.erase(row.no) > 0;
  if (ended) group.holding.erase(row.no);
  stand(group, row);
  if ((left || ended) && !group.waiting.empty()) {
    const ExecutionId& next = group.waiting.begin()->second;
    if (group.holding.size() < limit_of(tables, next)) hasten_start(tables, next);
  }
  if (group.holding.empty() && group.waiting.empty()) tables.groups.erase(key);
}

}  // namespace ipaas::store::memory
