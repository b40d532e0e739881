#include "core/store/memory/variable_writes.h"

#include "core/base/letter_case.h"
#include "core/store/refusals.h"

namespace ipaas::store::memory {

Result<Outcome> set(Tables& tables, const SetVariable& write) {
  const auto [row, fresh] = tables.variables.try_emplace({write.tenant, lower_case(write.variable.name)}, write.variable);
  row->second.tenant = write.tenant;
  row->second.value = write.variable.value;
  row->second.updated_at = write.variable.updated_at;
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> remove(Tables& tables, const DeleteVariable& write) {
  if (tables.variables.erase({write.tenant, lower_case(write.name)}) == 0) return no_variable(write.name);
  tables.note(write.tenant, write.audit);
  return Outcome{};
}

}  // namespace ipaas::store::memory
