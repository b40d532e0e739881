#include "core/store/memory/outbox.h"

#include "core/store/parking.h"

namespace ipaas::store::memory {
namespace {

template <typename Change>
void for_each_start(Tables& tables, const ExecutionId& execution, Change&& change) {
  for (auto row = tables.outbox.lower_bound({execution, EffectId()});
       row != tables.outbox.end() && row->first.first == execution; ++row) {
    if (row->second.effect.kind == domain::EffectKind::kStart) change(row->second);
  }
}

void make_due(Tables& tables, EffectRow& row, Instant due) {
  if (!row.lease) tables.stop_waiting(row);
  row.lease.reset();
  row.effect.due_at = due;
  tables.wait(row);
}

std::vector<LeasedEffect> take(Tables& tables, const TenantId& tenant, const LeaseEffects& write, std::size_t count) {
  std::vector<LeasedEffect> taken;
  for (int rank = 0; rank < kRanks; ++rank) {
    if (rank == kCallRank && !write.calls) continue;
    while (taken.size() < count) {
      const auto next = tables.waiting.lower_bound({tenant, rank, Instant::min(), EffectId(), ExecutionId()});
      if (next == tables.waiting.end() || std::get<0>(*next) != tenant || std::get<1>(*next) != rank ||
          std::get<Instant>(*next) > write.now) {
        break;
      }
      EffectRow& row = tables.outbox.at({std::get<ExecutionId>(*next), std::get<EffectId>(*next)});
      tables.stop_waiting(row);
      row.lease = write.owner;
      taken.push_back({row.effect, row.orphaned});
    }
  }
  return taken;
}

std::vector<TenantId> waiting_tenants(const Tables& tables) {
  std::vector<TenantId> found;
  auto next = tables.waiting.begin();
  while (next != tables.waiting.end()) {
    found.push_back(std::get<TenantId>(*next));
    next = tables.waiting.lower_bound({found.back(), kRanks, Instant::min(), EffectId(), ExecutionId()});
  }
  return found;
}

}  // namespace

void add_effect(Tables& tables, const domain::Execution& execution, domain::Effect effect,
                const std::optional<domain::BootId>& lease) {
  remove_effect(tables, execution.id, effect.id);
  effect.tenant = execution.tenant;
  effect.execution = execution.id;
  if (effect.kind != domain::EffectKind::kCall) effect.call = {};
  if (effect.kind != domain::EffectKind::kChild) effect.child = {};
  const int rank = rank_of(effect.kind, execution.priority);
  const std::pair key(execution.id, effect.id);
  const EffectRow& row = tables.outbox.emplace(key, EffectRow{std::move(effect), lease, false, rank}).first->second;
  if (!lease) tables.wait(row);
}

void remove_effect(Tables& tables, const ExecutionId& execution, const EffectId& id) {
  const auto found = tables.outbox.find({execution, id});
  if (found == tables.outbox.end()) return;
  if (!found->second.lease) tables.stop_waiting(found->second);
  tables.outbox.erase(found);
}

bool has_effects(const Tables& tables, const ExecutionId& execution) {
  const auto first = tables.outbox.lower_bound({execution, EffectId()});
  return first != tables.outbox.end() && first->first.first == execution;
}

void put_off_start(Tables& tables, const ExecutionId& execution, Instant due) {
  for_each_start(tables, execution, [&](EffectRow& row) { make_due(tables, row, due); });
}

void hasten_start(Tables& tables, const ExecutionId& execution) {
  for_each_start(tables, execution, [&](EffectRow& row) {
    if (!row.lease) make_due(tables, row, kAtOnce);
  });
}

Result<Outcome> lease(Tables& tables, const LeaseEffects& write) {
  if (write.again) {
    for (auto& [key, row] : tables.outbox) {
      if (row.lease == write.owner) make_due(tables, row, row.effect.due_at);
    }
  }
  Outcome outcome;
  outcome.leased =
      tables.turns.serve(waiting_tenants(tables), write.limit,
                         [&](const TenantId& tenant, std::size_t count) { return take(tables, tenant, write, count); });
  return outcome;
}

std::size_t release_orphans(Tables& tables, domain::BootId boot) {
  std::size_t released = 0;
  for (auto& [key, row] : tables.outbox) {
    if (!row.lease || *row.lease == boot) continue;
    row.orphaned = true;
    make_due(tables, row, kAtOnce);
    ++released;
  }
  return released;
}

}  // namespace ipaas::store::memory
