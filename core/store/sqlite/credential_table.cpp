#include "core/store/sqlite/credential_table.h"

#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

std::optional<CredentialId> CredentialTable::living(const TenantId& tenant, const std::string& name) {
  Rows rows = connection_.prepared("SELECT id FROM credentials WHERE tenant_id = ? AND name = ? AND deleted_at IS NULL")
                  .query(tenant, name);
  if (!rows.next()) return std::nullopt;
  return rows.id<CredentialId>(0);
}

Result<Outcome> CredentialTable::create(const CreateCredential& write) {
  const domain::Credential& credential = write.credential;
  if (living(write.tenant, credential.name)) return credential_exists(credential.name);
  connection_
      .prepared(
          "INSERT INTO credentials (id, tenant_id, name, type, created_at, updated_at, deleted_at, fields)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(credential.id, write.tenant, credential.name, credential.type, credential.created_at,
               credential.updated_at, credential.deleted_at,
               payloads_.seal_text({write.tenant, kCredentialFields, credential.id.str()}, credential.fields.reveal()));
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> CredentialTable::remove(const DeleteCredential& write) {
  const auto id = living(write.tenant, write.name);
  if (!id) return no_credential(write.name);
  connection_.prepared("UPDATE credentials SET deleted_at = ?, updated_at = ? WHERE id = ?")
      .execute(write.now, write.now, *id);
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

}  // namespace ipaas::store::sqlite
