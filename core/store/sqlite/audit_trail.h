// The audit table.
#pragma once

#include "core/domain/audit_record.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception.
class AuditTrail {
 public:
  AuditTrail(Connection& connection, Payloads& payloads) : connection_(connection), payloads_(payloads) {}
  /// Nothing, where the write has no record.
  void add(const TenantId& tenant, const std::optional<domain::AuditRecord>& record);

 private:
  Connection& connection_;
  Payloads& payloads_;
};

}  // namespace ipaas::store::sqlite
