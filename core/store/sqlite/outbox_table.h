// Effects that are decided and not known to be done.
#pragma once

#include <map>

#include "core/store/parking.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"
#include "core/store/turns.h"

namespace ipaas::store::sqlite {

/// Part of the writer's transaction. Throws SQLite::Exception, and Refusal for a payload that cannot be opened.
class OutboxTable {
 public:
  OutboxTable(Connection& connection, Payloads& payloads);

  void add(const domain::Execution& execution, std::int64_t execution_no, const TenantId& tenant,
           const domain::Effect& effect, const std::optional<domain::BootId>& lease);
  void remove(std::int64_t execution_no, const EffectId& effect);
  /// How many there are.
  [[nodiscard]] std::int64_t size() const { return size_; }
  void return_to(std::int64_t size) { size_ = size; }

  Result<Outcome> lease(const LeaseEffects& write);
  std::size_t release_orphans(domain::BootId boot);

  /// The start of a queued execution: unleased, and not due before.
  void put_off_start(const TenantId& tenant, std::int64_t execution_no, Instant due);
  /// Due at once, unless it is leased: then somebody is about to begin it.
  void hasten_start(const TenantId& tenant, std::int64_t execution_no);

  /// After a roll-back nothing that was remembered counts.
  void forget() { due_.reset(); }

 private:
  struct Row {
    std::int64_t execution_no;
    LeasedEffect leased;
  };

  [[nodiscard]] std::vector<LeasedEffect> take(const TenantId& tenant, const LeaseEffects& write, std::size_t count);
  void find_due(std::vector<Row>& due, const TenantId& tenant, int rank, Instant now, std::size_t count);
  /// The tenants that have something due, perhaps.
  [[nodiscard]] std::vector<TenantId> due_tenants(Instant now);
  [[nodiscard]] std::map<TenantId, Instant> all_tenants();
  void look_again(const TenantId& tenant);
  void may_be_due(const TenantId& tenant, Instant due);

  Connection& connection_;
  Payloads& payloads_;
  std::int64_t size_;
  Turns turns_;
  /// Tenants with something unleased, each with an instant before which nothing of it is due; so that a lease costs as
  /// much as there is to lease, however many tenants have something for later. Read when first needed.
  std::optional<std::map<TenantId, Instant>> due_;
};

/// An effect from the columns o.id, o.tenant_id, e.id, o.kind, o.path, o.due_at, o.payload of an outbox row `o` and its
/// execution `e`.
[[nodiscard]] domain::Effect read_effect(const Rows& rows, Payloads& payloads);

}  // namespace ipaas::store::sqlite
