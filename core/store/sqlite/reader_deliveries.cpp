// What came in at webhooks and what waits for an answer.
#include <algorithm>

#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"
#include "core/store/sqlite/reader.h"

namespace ipaas::store::sqlite {
namespace {

using domain::Delivery;

/// How many executions can have got their ids between that of an event and that of the execution which it starts.
constexpr int kIdsBetween = 4096;

/// Newest first; `tail` is sorted so already.
void merge(std::vector<Delivery>& found, std::vector<Delivery> tail, std::size_t limit) {
  const auto middle = static_cast<std::ptrdiff_t>(found.size());
  found.insert(found.end(), std::make_move_iterator(tail.begin()), std::make_move_iterator(tail.end()));
  std::inplace_merge(found.begin(), found.begin() + middle, found.end(),
                     [](const Delivery& a, const Delivery& b) { return a.at > b.at; });
  if (found.size() > limit) found.resize(limit);
}

}  // namespace

Result<std::vector<OpenWait>> SqliteReader::open_waits(const TenantId& tenant, const OpenWait& after, std::size_t limit) {
  return reading([&] {
    std::vector<OpenWait> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT x.id, s.path FROM steps s INDEXED BY steps_waiting"
                        " CROSS JOIN executions x ON x.no = s.execution_no"
                        " WHERE s.tenant_id = ?1 AND s.kind = 'wait-for' AND s.status < 2 AND (s.execution_no, s.path) >"
                        " (coalesce((SELECT no FROM executions WHERE tenant_id = ?1 AND id = ?2), 0), ?3)"
                        " ORDER BY s.execution_no, s.path LIMIT ?4")
                    .query(tenant, after.execution, after.path, limit);
    while (rows.next()) found.push_back({rows.id<ExecutionId>(0), rows.text(1)});
    return found;
  });
}

std::vector<Delivery> SqliteReader::accepted_deliveries(const TenantId& tenant, std::int64_t workflow_no,
                                                        const WorkflowId& workflow, std::size_t limit) {
  std::vector<Delivery> found;
  // A retry is an execution of an event that was there before it.
  Rows rows = connection_
                  .prepared(
                      "SELECT e.id, e.received_at, x.id FROM executions x INDEXED BY executions_by_workflow"
                      " CROSS JOIN events e ON e.no = x.event_no WHERE x.workflow_no = ? AND x.tenant_id = ?"
                      " AND x.trigger = ? AND x.created_at = e.received_at ORDER BY x.id DESC LIMIT ?")
                  .query(workflow_no, tenant, domain::TriggerKind::kWebhook, limit);
  while (rows.next()) {
    found.push_back({.id = rows.id<EventId>(0),
                     .tenant = tenant,
                     .workflow = workflow,
                     .at = rows.instant(1),
                     .fate = Delivery::Fate::kAccepted,
                     .execution = rows.id<ExecutionId>(2)});
  }
  return found;
}

Delivery SqliteReader::read_delivery(const TenantId& tenant, const WorkflowId& workflow, const Rows& rows) {
  Delivery delivery{.id = rows.id<EventId>(0),
                    .tenant = tenant,
                    .workflow = workflow,
                    .at = rows.instant(1),
                    .fate = rows.enumeration<Delivery::Fate>(2),
                    .execution = rows.id<ExecutionId>(3),
                    .code = rows.text(4)};
  delivery.reason = payloads_.open_text({tenant, kDeliveryReason, delivery.id.str()}, rows, 5);
  return delivery;
}

Result<std::vector<Delivery>> SqliteReader::deliveries(const TenantId& tenant, const WorkflowId& workflow,
                                                       std::size_t limit) {
  return reading([&] {
    const std::int64_t no = workflow_number(tenant, workflow);
    std::vector<Delivery> found = accepted_deliveries(tenant, no, workflow, limit);
    std::vector<Delivery> others;
    Rows rows = connection_
                    .prepared(
                        "SELECT id, at, fate, execution, code, reason FROM deliveries WHERE workflow_no = ?"
                        " ORDER BY no DESC LIMIT ?")
                    .query(no, limit);
    while (rows.next()) others.push_back(read_delivery(tenant, workflow, rows));
    // They are written a little after they came, in batches.
    std::stable_sort(others.begin(), others.end(), [](const Delivery& a, const Delivery& b) { return a.at > b.at; });
    merge(found, std::move(others), limit);
    return found;
  });
}

Result<KeptDelivery> SqliteReader::delivery(const TenantId& tenant, const EventId& id) {
  return reading([&] {
    if (auto other = other_delivery(tenant, id)) return *std::move(other);
    // Events have no index of their own: an execution gets its id right after its event.
    const std::string from = std::string(kIdPrefix<ExecutionId>) + id.str().substr(std::min(id.str().size(), kIdPrefix<EventId>.size()));
    Rows rows = connection_
                    .prepared(
                        "SELECT e.id, e.received_at, x.id, w.id, e.payload FROM executions x"
                        " CROSS JOIN events e ON e.no = x.event_no CROSS JOIN workflows w ON w.no = x.workflow_no"
                        " WHERE x.tenant_id = ? AND x.id >= ? AND x.trigger = ? ORDER BY x.id LIMIT ?")
                    .query(tenant, from, domain::TriggerKind::kWebhook, kIdsBetween);
    while (rows.next()) {
      if (rows.view(0) != id.str()) continue;
      KeptDelivery kept;
      kept.delivery = {.id = id,
                       .tenant = tenant,
                       .workflow = rows.id<WorkflowId>(3),
                       .at = rows.instant(1),
                       .fate = Delivery::Fate::kAccepted,
                       .execution = rows.id<ExecutionId>(2)};
      kept.payload = payloads_.open_text({tenant, kEventPayload, id.str()}, rows, 4);
      return kept;
    }
    throw Refusal(no_delivery(id).value());
  });
}

std::optional<KeptDelivery> SqliteReader::other_delivery(const TenantId& tenant, const EventId& id) {
  Rows rows = connection_
                  .prepared(
                      "SELECT d.id, d.at, d.fate, d.execution, d.code, d.reason, w.id, e.payload FROM deliveries d"
                      " JOIN workflows w ON w.no = d.workflow_no LEFT JOIN events e ON e.no = d.event_no AND e.id = d.id"
                      " WHERE d.tenant_id = ? AND d.id = ?")
                  .query(tenant, id);
  if (!rows.next()) return std::nullopt;
  return KeptDelivery{read_delivery(tenant, rows.id<WorkflowId>(6), rows),
                      payloads_.open_text({tenant, kEventPayload, id.str()}, rows, 7)};
}

std::int64_t SqliteReader::workflow_number(const TenantId& tenant, const WorkflowId& workflow) {
  Rows rows = connection_.prepared("SELECT no FROM workflows WHERE tenant_id = ? AND id = ?").query(tenant, workflow);
  if (!rows.next()) throw Refusal(no_workflow(workflow).value());
  return rows.integer(0);
}

}  // namespace ipaas::store::sqlite
