#include "core/store/sqlite/variable_table.h"

#include "core/base/letter_case.h"
#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

Result<Outcome> VariableTable::set(const SetVariable& write) {
  const domain::Variable& variable = write.variable;
  const std::string key = lower_case(variable.name);
  connection_
      .prepared(
          "INSERT INTO variables (tenant_id, key, name, updated_at, value) VALUES (?, ?, ?, ?, ?)"
          " ON CONFLICT (tenant_id, key) DO UPDATE SET updated_at = excluded.updated_at, value = excluded.value")
      .execute(write.tenant, key, variable.name, variable.updated_at,
               payloads_.seal_json({write.tenant, kVariableValue, key}, variable.value, Json()));
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> VariableTable::remove(const DeleteVariable& write) {
  const std::string key = lower_case(write.name);
  const auto known = [&] {
    return connection_.prepared("SELECT 1 FROM variables WHERE tenant_id = ? AND key = ?").query(write.tenant, key).next();
  };
  if (!known()) return no_variable(write.name);
  connection_.prepared("DELETE FROM variables WHERE tenant_id = ? AND key = ?").execute(write.tenant, key);
  audit_.add(write.tenant, write.audit);
  return Outcome{};
}

}  // namespace ipaas::store::sqlite
