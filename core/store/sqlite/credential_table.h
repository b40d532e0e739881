// Credentials, as the writer changes them.
#pragma once

#include "core/store/sqlite/audit_trail.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class CredentialTable {
 public:
  CredentialTable(Connection& connection, Payloads& payloads, AuditTrail& audit)
      : connection_(connection), payloads_(payloads), audit_(audit) {}

  Result<Outcome> create(const CreateCredential& write);
  Result<Outcome> remove(const DeleteCredential& write);

 private:
  [[nodiscard]] std::optional<CredentialId> living(const TenantId& tenant, const std::string& name);

  Connection& connection_;
  Payloads& payloads_;
  AuditTrail& audit_;
};

}  // namespace ipaas::store::sqlite
