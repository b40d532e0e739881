#include "core/store/sqlite/log_table.h"

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

void LogTable::add(const TenantId& tenant, std::int64_t execution_no, std::span<const domain::LogEntry> lines) {
  if (lines.empty()) return;
  Statement& insert = connection_.prepared(
      "INSERT INTO log_lines (sequence, tenant_id, execution_no, path, level, at, text) VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const domain::LogEntry& line : lines) {
    ++last_;
    insert.execute(last_, tenant, execution_no, line.path, line.level, line.at,
                   payloads_.seal_text({tenant, kLogText, std::to_string(last_)}, line.text));
  }
}

void LogTable::remove(std::int64_t execution_no) {
  connection_.prepared("DELETE FROM log_lines WHERE execution_no = ?").execute(execution_no);
}

}  // namespace ipaas::store::sqlite
