// What starts by itself: triggers and due effects; and how much there is.
#include <algorithm>
#include <map>
#include <set>

#include "core/store/parking.h"
#include "core/store/sqlite/labels.h"
#include "core/store/sqlite/reader.h"

namespace ipaas::store::sqlite {
namespace {

/// Of a list that is separated by commas.
std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    parts.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

}  // namespace

Result<std::vector<domain::WebhookTrigger>> SqliteReader::webhook_triggers() {
  return reading([&] {
    std::vector<domain::WebhookTrigger> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT w.tenant_id, t.name, w.id, w.name, w.version, w.enabled FROM triggers g"
                        " JOIN workflows w ON w.no = g.workflow_no LEFT JOIN tenants t ON t.tenant_id = w.tenant_id"
                        " WHERE g.kind = ? ORDER BY w.id")
                    .query(domain::TriggerKind::kWebhook);
    while (rows.next()) {
      found.push_back({.tenant = rows.id<TenantId>(0),
                       .tenant_name = rows.text(1),
                       .workflow = rows.id<WorkflowId>(2),
                       .workflow_name = rows.text(3),
                       .version = rows.small(4),
                       .enabled = rows.flag(5)});
    }
    return found;
  });
}

Result<std::vector<domain::EndListener>> SqliteReader::end_listeners() {
  return reading([&] {
    std::vector<domain::EndListener> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT w.tenant_id, w.id, w.name, w.version, l.name, l.statuses FROM end_listeners l"
                        " JOIN workflows w ON w.no = l.workflow_no WHERE w.enabled = 1 ORDER BY w.id, l.name")
                    .query();
    while (rows.next()) {
      if (found.empty() || found.back().workflow.str() != rows.view(1)) {
        found.push_back({.tenant = rows.id<TenantId>(0),
                         .workflow = rows.id<WorkflowId>(1),
                         .workflow_name = rows.text(2),
                         .version = rows.small(3),
                         .names = {},
                         .when = parts_of(rows.view(5))});
      }
      found.back().names.push_back(rows.text(4));
    }
    return found;
  });
}

Result<std::optional<Instant>> SqliteReader::next_effect_due() {
  return reading([&]() -> std::optional<Instant> {
    Rows rows = connection_
                    .prepared(
                        "SELECT due_at FROM outbox INDEXED BY outbox_due WHERE lease IS NULL AND due_at < ?"
                        " ORDER BY due_at LIMIT 1")
                    .query(kParked);
    if (!rows.next()) return std::nullopt;
    return rows.instant(0);
  });
}

Result<std::vector<std::pair<TenantId, std::string>>> SqliteReader::masked_values(std::size_t most) {
  return reading([&] {
    const auto tenants = static_cast<std::size_t>(connection_.number("SELECT count(*) FROM tenants"));
    std::map<TenantId, std::set<std::string>> known;
    std::size_t full = 0;  // tenants of whom enough is known
    std::vector<std::pair<TenantId, std::string>> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT m.tenant_id, e.id, m.number, m.value FROM masked_values m CROSS JOIN executions e"
                        " ON e.no = m.execution_no ORDER BY m.execution_no DESC, m.number DESC")
                    .query();
    while (full < tenants && rows.next()) {
      const auto tenant = rows.id<TenantId>(0);
      std::set<std::string>& of_tenant = known[tenant];
      if (of_tenant.size() >= most) continue;
      const std::string id = joined(rows.view(1), rows.integer(2));
      std::string value = payloads_.open_text({tenant, kMaskedValue, id}, rows, 3);
      if (!of_tenant.insert(value).second) continue;
      found.emplace_back(tenant, std::move(value));
      if (of_tenant.size() == most) ++full;
    }
    std::reverse(found.begin(), found.end());
    return found;
  });
}

Result<Counts> SqliteReader::counts() {
  return reading([&] {
    // Asked again and again: none of these may read the history, nor everything that is pending.
    const auto number = [&](const char* sql) { return connection_.number(sql); };
    return Counts{
        .live_executions = tally_->live_executions(),
        .executions = std::max(number("SELECT max(no) FROM executions"),
                               number("SELECT value FROM meta WHERE key = 'executions_highest'")) -
                      number("SELECT value FROM meta WHERE key = 'executions_purged'"),
        .workflows = number("SELECT count(*) FROM workflows WHERE deleted = 0"),
        .outbox = tally_->effects(),
        .bytes_used = (number("PRAGMA page_count") - number("PRAGMA freelist_count")) * number("PRAGMA page_size")};
  });
}

}  // namespace ipaas::store::sqlite
