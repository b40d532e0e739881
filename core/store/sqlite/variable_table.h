// Variables, as the writer changes them.
#pragma once

#include "core/store/sqlite/audit_trail.h"
#include "core/store/writer.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. A refused write has changed nothing. Throws SQLite::Exception.
class VariableTable {
 public:
  VariableTable(Connection& connection, Payloads& payloads, AuditTrail& audit)
      : connection_(connection), payloads_(payloads), audit_(audit) {}

  Result<Outcome> set(const SetVariable& write);
  Result<Outcome> remove(const DeleteVariable& write);

 private:
  Connection& connection_;
  Payloads& payloads_;
  AuditTrail& audit_;
};

}  // namespace ipaas::store::sqlite
