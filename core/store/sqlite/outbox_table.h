// Effects that are decided and not known to be done.
#pragma once

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception, and Refusal for a payload that cannot be opened.
class OutboxTable {
 public:
  OutboxTable(Connection& connection, Payloads& payloads) : connection_(connection), payloads_(payloads) {}

  void add(const TenantId& tenant, std::int64_t execution_no, const domain::Effect& effect,
           const std::optional<domain::BootId>& lease);
  void remove(std::int64_t execution_no, const EffectId& effect);
  Result<Outcome> lease(const LeaseEffects& write);
  std::size_t release_orphans(domain::BootId boot);

 private:
  Connection& connection_;
  Payloads& payloads_;
};

/// An effect from the columns o.id, o.tenant_id, e.id, o.kind, o.path, o.due_at, o.payload of an outbox row `o` and its
/// execution `e`.
[[nodiscard]] domain::Effect read_effect(const Rows& rows, Payloads& payloads);

}  // namespace ipaas::store::sqlite
