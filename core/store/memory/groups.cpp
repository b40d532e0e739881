#include "core/store/memory/groups.h"

#include <algorithm>

#include "core/store/memory/outbox.h"
#include "core/store/parking.h"

namespace ipaas::store::memory {
namespace {

/// Empty where no slot is needed: without a group, and where an ancestor has it already.
std::string own_group(const domain::Execution& execution) {
  const auto& held = execution.held;
  return std::find(held.begin(), held.end(), execution.group) == held.end() ? execution.group : std::string();
}

std::size_t limit_of(const Tables& tables, const ExecutionId& id) {
  return static_cast<std::size_t>(tables.executions.at(id).execution.group_limit);
}

}  // namespace

std::optional<Outcome> refuse(Tables& tables, const ExecutionRow& row, const std::optional<Instant>& look_again) {
  const domain::Execution& execution = row.execution;
  const auto found = tables.groups.find({execution.tenant, own_group(execution)});
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

void regroup(Tables& tables, const ExecutionRow& row) {
  const domain::Execution& execution = row.execution;
  const std::string name = own_group(execution);
  if (name.empty()) return;
  const GroupKey key(execution.tenant, name);
  Group& group = tables.groups[key];
  const bool queued = execution.status == domain::ExecutionStatus::kQueued;
  const bool left = !queued && group.waiting.erase(row.no) > 0;
  if (queued) group.waiting.emplace(row.no, execution.id);
  const bool ended = domain::has_ended(execution);
  if (ended) group.holding.erase(row.no);
  if (!ended && !queued && execution.started_at) group.holding.emplace(row.no, execution.id);
  if ((left || ended) && !group.waiting.empty()) {
    const ExecutionId& next = group.waiting.begin()->second;
    if (group.holding.size() < limit_of(tables, next)) hasten_start(tables, next);
  }
  if (group.holding.empty() && group.waiting.empty()) tables.groups.erase(key);
}

}  // namespace ipaas::store::memory
