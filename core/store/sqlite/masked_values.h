// The masked_values table: what expressions gave to mask().
#pragma once

#include <set>
#include <unordered_map>

#include "core/domain/execution.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception, and Refusal for a value that cannot be opened.
class MaskedValues {
 public:
  MaskedValues(Connection& connection, Payloads& payloads) : connection_(connection), payloads_(payloads) {}

  /// Keeps each value once for the execution. There is no digest in the file that could be used to guess one.
  void add(const domain::Execution& execution, const TenantId& tenant, std::int64_t no,
           const std::vector<std::string>& values);
  void remove(std::int64_t no);

  /// After a roll-back nothing that was remembered counts.
  void forget() { known_.clear(); }

 private:
  [[nodiscard]] std::set<std::string>& known_of(const TenantId& tenant, const ExecutionId& id, std::int64_t no);

  Connection& connection_;
  Payloads& payloads_;
  /// Of the executions that masked something lately: a loop would else read all its values with every round.
  std::unordered_map<std::int64_t, std::set<std::string>> known_;
};

}  // namespace ipaas::store::sqlite
