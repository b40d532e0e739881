// Deliveries that started nothing.
#pragma once

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"
#include "core/store/sqlite/workflow_table.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception.
class DeliveryTable {
 public:
  DeliveryTable(Connection& connection, Payloads& payloads, WorkflowTable& workflows)
      : connection_(connection), payloads_(payloads), workflows_(workflows) {}

  Result<Outcome> note(const NoteDeliveries& write);
  /// A disabled workflow's event was kept.
  void keep(const AcceptEvent& write, std::int64_t workflow_no, std::int64_t event_no);

 private:
  void add(const domain::Delivery& delivery, std::int64_t workflow_no, const std::optional<std::int64_t>& event_no);
  void forget_oldest(std::int64_t workflow_no);

  Connection& connection_;
  Payloads& payloads_;
  WorkflowTable& workflows_;
};

}  // namespace ipaas::store::sqlite
