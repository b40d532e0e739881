#include "core/store/turns.h"

#include <algorithm>
#include <utility>

namespace ipaas::store {
namespace {

struct Lane {
  TenantId tenant;
  std::vector<LeasedEffect> taken = {};
  bool empty = false;
};

std::vector<LeasedEffect> in_turns(std::vector<Lane>& lanes) {
  std::vector<LeasedEffect> all;
  for (std::size_t turn = 0;; ++turn) {
    const std::size_t before = all.size();
    for (Lane& lane : lanes) {
      if (turn < lane.taken.size()) all.push_back(std::move(lane.taken[turn]));
    }
    if (all.size() == before) return all;
  }
}

}  // namespace

std::vector<LeasedEffect> Turns::serve(const std::vector<TenantId>& tenants, std::size_t limit, const Take& take) {
  std::vector<Lane> lanes;
  const auto first = std::upper_bound(tenants.begin(), tenants.end(), last_);
  for (auto tenant = first; tenant != tenants.end(); ++tenant) lanes.push_back({*tenant});
  for (auto tenant = tenants.begin(); tenant != first; ++tenant) lanes.push_back({*tenant});

  std::size_t left = limit;
  auto open = static_cast<std::size_t>(lanes.size());
  while (left > 0 && open > 0) {
    // Equal shares; what does not divide goes one by one to those whose turn is next.
    const std::size_t share = std::max<std::size_t>(1, left / open);
    for (Lane& lane : lanes) {
      if (lane.empty || left == 0) continue;
      auto got = take(lane.tenant, std::min(share, left));
      lane.empty = got.size() < std::min(share, left);
      if (lane.empty) --open;
      left -= got.size();
      if (!got.empty()) last_ = lane.tenant;
      std::move(got.begin(), got.end(), std::back_inserter(lane.taken));
    }
  }
  return in_turns(lanes);
}

int rank_of(domain::EffectKind kind, domain::Priority priority) {
  if (kind == domain::EffectKind::kCall) return kCallRank;
  if (kind != domain::EffectKind::kStart) return 0;
  switch (priority) {
    case domain::Priority::kHigh:
      return 2;
    case domain::Priority::kNormal:
      return 3;
    case domain::Priority::kLow:
      break;
  }
  return 4;
}

}  // namespace ipaas::store
