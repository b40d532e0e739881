// What all workflows of a tenant may read.
#include "core/store/sqlite/labels.h"
#include "core/store/sqlite/reader.h"

namespace ipaas::store::sqlite {

domain::Variable SqliteReader::read_variable(const Rows& rows) {
  domain::Variable variable{.tenant = rows.id<TenantId>(0), .name = rows.text(2), .value = {}, .updated_at = rows.instant(3)};
  variable.value = payloads_.open_json({variable.tenant, kVariableValue, rows.text(1)}, rows, 4, Json());
  return variable;
}

Result<std::vector<domain::Variable>> SqliteReader::variables(const TenantId& tenant) {
  return reading([&] {
    std::vector<domain::Variable> found;
    Rows rows = connection_
                    .prepared("SELECT tenant_id, key, name, updated_at, value FROM variables WHERE tenant_id = ? ORDER BY key")
                    .query(tenant);
    while (rows.next()) found.push_back(read_variable(rows));
    return found;
  });
}

Result<std::vector<domain::Variable>> SqliteReader::all_variables() {
  return reading([&] {
    std::vector<domain::Variable> found;
    Rows rows =
        connection_.prepared("SELECT tenant_id, key, name, updated_at, value FROM variables ORDER BY tenant_id, key").query();
    while (rows.next()) found.push_back(read_variable(rows));
    return found;
  });
}

}  // namespace ipaas::store::sqlite
