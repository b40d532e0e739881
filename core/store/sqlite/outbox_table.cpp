#include "core/store/sqlite/outbox_table.h"

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

// The migrations name these numbers.
static_assert(static_cast<int>(domain::EffectKind::kStart) == 0);

}  // namespace

domain::Effect read_effect(const Rows& rows, Payloads& payloads) {
  domain::Effect effect{.id = rows.id<EffectId>(0),
                        .tenant = rows.id<TenantId>(1),
                        .execution = rows.id<ExecutionId>(2),
                        .kind = rows.enumeration<domain::EffectKind>(3),
                        .path = rows.text(4),
                        .due_at = rows.instant(5),
                        .call = {}};
  payloads.open_request({effect.tenant, kOutboxPayload, effect.id.str()}, rows, 6, effect);
  return effect;
}

OutboxTable::OutboxTable(Connection& connection, Payloads& payloads)
    : connection_(connection),
      payloads_(payloads),
      size_(connection.number("SELECT count(*) FROM outbox INDEXED BY outbox_due WHERE lease IS NULL") +
            connection.number("SELECT count(*) FROM outbox INDEXED BY outbox_leased WHERE lease IS NOT NULL")) {}

void OutboxTable::add(const domain::Execution& execution, std::int64_t execution_no, const TenantId& tenant,
                      const domain::Effect& effect, const std::optional<domain::BootId>& lease) {
  const Sealed payload = payloads_.seal_request({tenant, kOutboxPayload, effect.id.str()}, effect);
  const auto insert = [&] {
    connection_
        .prepared(
            "INSERT INTO outbox (execution_no, id, tenant_id, kind, path, due_at, lease, orphaned, payload, rank)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (execution_no, id) DO NOTHING")
        .execute(execution_no, effect.id, tenant, effect.kind, effect.path, effect.due_at, lease, payload,
                 rank_of(effect.kind, execution.priority));
    return connection_.changes() > 0;
  };
  if (!insert()) {
    remove(execution_no, effect.id);
    insert();
  }
  ++size_;
  if (!lease) may_be_due(tenant, effect.due_at);
}

void OutboxTable::remove(std::int64_t execution_no, const EffectId& effect) {
  connection_.prepared("DELETE FROM outbox WHERE execution_no = ? AND id = ?").execute(execution_no, effect);
  size_ -= connection_.changes();
}

Result<Outcome> OutboxTable::lease(const LeaseEffects& write) {
  if (write.again) {
    connection_
        .prepared("UPDATE outbox INDEXED BY outbox_leased SET lease = NULL WHERE lease IS NOT NULL AND lease = ?")
        .execute(write.owner);
    forget();
  }
  Outcome outcome;
  outcome.leased = turns_.serve(due_tenants(write.now), write.limit,
                                [&](const TenantId& tenant, std::size_t count) { return take(tenant, write, count); });
  return outcome;
}

std::vector<LeasedEffect> OutboxTable::take(const TenantId& tenant, const LeaseEffects& write, std::size_t count) {
  std::vector<Row> due;
  for (int rank = 0; rank < kRanks && due.size() < count; ++rank) {
    if (rank == kCallRank && !write.calls) continue;
    find_due(due, tenant, rank, write.now, count - due.size());
  }
  std::vector<LeasedEffect> leased;
  leased.reserve(due.size());
  for (Row& row : due) {
    connection_.prepared("UPDATE outbox SET lease = ? WHERE execution_no = ? AND id = ?")
        .execute(write.owner, row.execution_no, row.leased.effect.id);
    leased.push_back(std::move(row.leased));
  }
  if (leased.size() < count) look_again(tenant);
  return leased;
}

void OutboxTable::find_due(std::vector<Row>& due, const TenantId& tenant, int rank, Instant now, std::size_t count) {
  Rows rows = connection_
                  .prepared(
                      "SELECT o.id, o.tenant_id, e.id, o.kind, o.path, o.due_at, o.payload, o.orphaned, o.execution_no"
                      " FROM outbox o INDEXED BY outbox_turns CROSS JOIN executions e ON e.no = o.execution_no"
                      " WHERE o.lease IS NULL AND o.tenant_id = ? AND o.rank = ? AND o.due_at <= ?"
                      " ORDER BY o.due_at, o.id LIMIT ?")
                  .query(tenant, rank, now, count);
  while (rows.next()) due.push_back({rows.integer(8), {read_effect(rows, payloads_), rows.flag(7)}});
}

std::vector<TenantId> OutboxTable::due_tenants(Instant now) {
  if (!due_) due_ = all_tenants();
  std::vector<TenantId> tenants;
  for (const auto& [tenant, due] : *due_) {
    if (due <= now) tenants.push_back(tenant);
  }
  return tenants;
}

std::map<TenantId, Instant> OutboxTable::all_tenants() {
  std::map<TenantId, Instant> tenants;
  Statement& next = connection_.prepared(
      "SELECT tenant_id FROM outbox INDEXED BY outbox_turns WHERE lease IS NULL AND tenant_id > ?"
      " ORDER BY tenant_id LIMIT 1");
  TenantId tenant;
  while (true) {
    Rows rows = next.query(tenant);
    if (!rows.next()) return tenants;
    tenant = rows.id<TenantId>(0);
    tenants.emplace(tenant, Instant::min());
  }
}

void OutboxTable::look_again(const TenantId& tenant) {
  std::optional<Instant> due;
  for (int rank = 0; rank < kRanks; ++rank) {
    Rows rows = connection_
                    .prepared(
                        "SELECT due_at FROM outbox INDEXED BY outbox_turns"
                        " WHERE lease IS NULL AND tenant_id = ? AND rank = ? ORDER BY due_at LIMIT 1")
                    .query(tenant, rank);
    if (rows.next()) due = std::min(due.value_or(rows.instant(0)), rows.instant(0));
  }
  if (due) {
    due_->insert_or_assign(tenant, *due);
  } else {
    due_->erase(tenant);
  }
}

void OutboxTable::may_be_due(const TenantId& tenant, Instant due) {
  if (!due_) return;
  const auto [known, added] = due_->emplace(tenant, due);
  if (!added) known->second = std::min(known->second, due);
}

std::size_t OutboxTable::release_orphans(domain::BootId boot) {
  connection_
      .prepared(
          "UPDATE outbox INDEXED BY outbox_leased SET lease = NULL, orphaned = 1, due_at = ?1"
          " WHERE lease IS NOT NULL AND lease <> ?2")
      .execute(kAtOnce, boot);
  forget();
  return static_cast<std::size_t>(connection_.changes());
}

void OutboxTable::put_off_start(const TenantId& tenant, std::int64_t execution_no, Instant due) {
  connection_.prepared("UPDATE outbox SET lease = NULL, due_at = ? WHERE execution_no = ? AND kind = 0")
      .execute(due, execution_no);
  may_be_due(tenant, due);
}

void OutboxTable::hasten_start(const TenantId& tenant, std::int64_t execution_no) {
  connection_.prepared("UPDATE outbox SET due_at = ? WHERE execution_no = ? AND kind = 0 AND lease IS NULL")
      .execute(kAtOnce, execution_no);
  may_be_due(tenant, kAtOnce);
}

}  // namespace ipaas::store::sqlite
