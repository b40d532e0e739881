// Steps of executions, what their loops go over, and their attempts.
#pragma once

#include "core/domain/execution.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception.
class StepTable {
 public:
  StepTable(Connection& connection, Payloads& payloads) : connection_(connection), payloads_(payloads) {}

  /// The steps and attempts of a change of the execution with this number.
  void put(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change);

  void forget_payloads(std::int64_t no);
  void remove(std::int64_t no);

 private:
  void put_step(const TenantId& tenant, std::int64_t no, std::int64_t position, std::string_view id,
                const domain::Step& step);
  void keep_items(const TenantId& tenant, std::int64_t no, std::string_view id, const domain::Step& step);
  void put_attempts(const TenantId& tenant, std::int64_t no, const domain::ExecutionChange& change);

  Connection& connection_;
  Payloads& payloads_;
};

}  // namespace ipaas::store::sqlite
