#include "core/store/sqlite/audit_trail.h"

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

void AuditTrail::add(const TenantId& tenant, const std::optional<domain::AuditRecord>& record) {
  if (!record) return;
  // The number is taken first, because the details are sealed to it.
  const std::int64_t no = connection_.number("SELECT max(no) FROM audit") + 1;
  const std::string id = std::to_string(no);
  connection_
      .prepared("INSERT INTO audit (no, tenant_id, at, actor, action, target, details) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .execute(no, tenant, record->at, record->actor, record->action, record->target,
               payloads_.seal_json({tenant, kAuditDetails, id}, record->details, Json::object()));
}

}  // namespace ipaas::store::sqlite
