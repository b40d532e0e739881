#include "core/store/sqlite/delivery_table.h"

#include <set>

#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {

Result<Outcome> DeliveryTable::note(const NoteDeliveries& write) {
  std::set<std::int64_t> grown;
  for (const domain::Delivery& delivery : write.deliveries) {
    const auto workflow_no = workflows_.living(delivery.tenant, delivery.workflow);
    if (!workflow_no) continue;
    add(delivery, *workflow_no, std::nullopt);
    grown.insert(*workflow_no);
  }
  for (const std::int64_t workflow_no : grown) forget_oldest(workflow_no);
  return Outcome{};
}

void DeliveryTable::keep(const AcceptEvent& write, std::int64_t workflow_no, std::int64_t event_no) {
  domain::Delivery delivery;
  delivery.id = write.event.id;
  delivery.tenant = write.tenant;
  delivery.at = write.event.received_at;
  delivery.fate = domain::Delivery::Fate::kDisabled;
  add(delivery, workflow_no, event_no);
}

void DeliveryTable::add(const domain::Delivery& delivery, std::int64_t workflow_no,
                        const std::optional<std::int64_t>& event_no) {
  connection_
      .prepared(
          "INSERT INTO deliveries (tenant_id, workflow_no, id, at, fate, event_no, execution, code, reason)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(delivery.tenant, workflow_no, delivery.id, delivery.at, delivery.fate, event_no, delivery.execution,
               delivery.code,
               payloads_.seal_text({delivery.tenant, kDeliveryReason, delivery.id.str()}, delivery.reason));
}

void DeliveryTable::forget_oldest(std::int64_t workflow_no) {
  connection_
      .prepared(
          "DELETE FROM deliveries WHERE workflow_no = ?1 AND event_no IS NULL AND no <= (SELECT no FROM deliveries"
          " WHERE workflow_no = ?1 AND event_no IS NULL ORDER BY no DESC LIMIT 1 OFFSET ?2)")
      .execute(workflow_no, kRememberedDeliveries);
}

}  // namespace ipaas::store::sqlite
