// Who is served next where several tenants want something.
#pragma once

#include <functional>
#include <vector>

#include "core/store/writer.h"

namespace ipaas::store {

/// Round-robin between tenants, fair over successive calls: who was served last comes last the next time. Not
/// thread-safe.
class Turns {
 public:
  /// Gives at most `count` effects of the tenant; fewer where it has no more.
  using Take = std::function<std::vector<LeasedEffect>(const TenantId& tenant, std::size_t count)>;

  /// At most `limit` effects of the tenants, which come in rising order and once each. No tenant gets a second one
  /// before every other that has any got its first, and so on; they are given in the order of turns.
  [[nodiscard]] std::vector<LeasedEffect> serve(const std::vector<TenantId>& tenants, std::size_t limit,
                                                const Take& take);

 private:
  TenantId last_;
};

/// In which order a tenant's effects go: what goes on before what begins, and of that the urgent first. Calls have a rank of
/// their own, so that the others are found among any number of them.
[[nodiscard]] int rank_of(domain::EffectKind kind, domain::Priority priority);
inline constexpr int kCallRank = 1;
inline constexpr int kRanks = 5;

}  // namespace ipaas::store
