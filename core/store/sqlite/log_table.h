// The log, numbered in commit order without a gap.
#pragma once

#include <algorithm>
#include <span>

#include "core/domain/log_line.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception.
class LogTable {
 public:
  LogTable(Connection& connection, Payloads& payloads)
      : connection_(connection),
        payloads_(payloads),
        last_(std::max(connection.number("SELECT max(sequence) FROM log_lines"),
                       connection.number("SELECT value FROM meta WHERE key = 'log_highest'"))) {}

  void add(const TenantId& tenant, std::int64_t execution_no, std::span<const domain::LogEntry> lines);

  void remove(std::int64_t execution_no);

  /// The newest number. A roll-back gives back what was taken since, so that no number is lost.
  [[nodiscard]] domain::LogSequence last() const { return last_; }
  void return_to(domain::LogSequence last) { last_ = last; }

 private:
  Connection& connection_;
  Payloads& payloads_;
  domain::LogSequence last_;
};

}  // namespace ipaas::store::sqlite
