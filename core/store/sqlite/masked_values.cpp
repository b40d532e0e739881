#include "core/store/sqlite/masked_values.h"

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

constexpr std::size_t kRemembered = 64;

}  // namespace

void MaskedValues::add(const domain::Execution& execution, const TenantId& tenant, std::int64_t no,
                       const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::set<std::string>& known = known_of(tenant, execution.id, no);
  for (const std::string& value : values) {
    const auto number = static_cast<std::int64_t>(known.size());
    if (!known.insert(value).second) continue;
    const std::string id = joined(execution.id.str(), number);
    connection_.prepared("INSERT INTO masked_values (execution_no, number, tenant_id, value) VALUES (?, ?, ?, ?)")
        .execute(no, number, tenant, payloads_.seal({tenant, kMaskedValue, id}, value));
  }
}

std::set<std::string>& MaskedValues::known_of(const TenantId& tenant, const ExecutionId& id, std::int64_t no) {
  if (const auto known = known_.find(no); known != known_.end()) return known->second;
  if (known_.size() >= kRemembered) known_.clear();
  std::set<std::string> values;
  Rows rows = connection_.prepared("SELECT number, value FROM masked_values WHERE execution_no = ?").query(no);
  while (rows.next()) {
    const std::string label = joined(id.str(), rows.integer(0));
    values.insert(payloads_.open_text({tenant, kMaskedValue, label}, rows, 1));
  }
  return known_.emplace(no, std::move(values)).first->second;
}

void MaskedValues::remove(std::int64_t no) {
  known_.erase(no);
  connection_.prepared("DELETE FROM masked_values WHERE execution_no = ?").execute(no);
}

}  // namespace ipaas::store::sqlite
