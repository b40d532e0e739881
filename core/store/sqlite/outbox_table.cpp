#include "core/store/sqlite/outbox_table.h"

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

domain::Effect read_effect(const Rows& rows, Payloads& payloads) {
  domain::Effect effect{.id = rows.id<EffectId>(0),
                        .tenant = rows.id<TenantId>(1),
                        .execution = rows.id<ExecutionId>(2),
                        .kind = rows.enumeration<domain::EffectKind>(3),
                        .path = rows.text(4),
                        .due_at = rows.instant(5),
                        .call = {}};
  if (!rows.is_null(6)) effect.call = payloads.open_call({effect.tenant, kOutboxPayload, effect.id.str()}, rows, 6);
  return effect;
}

void OutboxTable::add(const TenantId& tenant, std::int64_t execution_no, const domain::Effect& effect,
                      const std::optional<domain::BootId>& lease) {
  const SealLabel label{tenant, kOutboxPayload, effect.id.str()};
  connection_
      .prepared(
          "INSERT OR REPLACE INTO outbox (execution_no, id, tenant_id, kind, path, due_at, lease, orphaned, payload)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)")
      .execute(execution_no, effect.id, tenant, effect.kind, effect.path, effect.due_at, lease,
               effect.kind == domain::EffectKind::kCall ? payloads_.seal_call(label, effect.call) : Sealed());
}

void OutboxTable::remove(std::int64_t execution_no, const EffectId& effect) {
  connection_.prepared("DELETE FROM outbox WHERE execution_no = ? AND id = ?").execute(execution_no, effect);
}

Result<Outcome> OutboxTable::lease(const LeaseEffects& write) {
  if (write.again) connection_.prepared("UPDATE outbox SET lease = NULL WHERE lease = ?").execute(write.owner);
  struct Row {
    std::int64_t execution_no;
    LeasedEffect leased;
  };
  std::vector<Row> due;
  {
    Rows rows = connection_
                    .prepared(
                        "SELECT o.id, o.tenant_id, e.id, o.kind, o.path, o.due_at, o.payload, o.orphaned,"
                        " o.execution_no FROM outbox o JOIN executions e ON e.no = o.execution_no"
                        " WHERE o.lease IS NULL AND o.due_at <= ? ORDER BY o.due_at, o.id LIMIT ?")
                    .query(write.now, write.limit);
    while (rows.next()) due.push_back({rows.integer(8), {read_effect(rows, payloads_), rows.flag(7)}});
  }
  Outcome outcome;
  outcome.leased.reserve(due.size());
  for (Row& row : due) {
    connection_.prepared("UPDATE outbox SET lease = ? WHERE execution_no = ? AND id = ?")
        .execute(write.owner, row.execution_no, row.leased.effect.id);
    outcome.leased.push_back(std::move(row.leased));
  }
  return outcome;
}

std::size_t OutboxTable::release_orphans(domain::BootId boot) {
  // Due in 1970: at once, even if the clock has gone back since.
  connection_
      .prepared("UPDATE outbox SET lease = NULL, orphaned = 1, due_at = 0 WHERE lease IS NOT NULL AND lease <> ?")
      .execute(boot);
  return static_cast<std::size_t>(connection_.changes());
}

}  // namespace ipaas::store::sqlite
