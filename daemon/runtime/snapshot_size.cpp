#include "daemon/runtime/snapshot_size.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

/// Takes what the value holds off `left`; false once nothing is left, without looking at the rest.
bool take_off(const Json& value, std::size_t& left) {
  std::size_t own = sizeof(Json);
  if (value.is_string()) own += value.get_ref<const std::string&>().size();
  if (own > left) return false;
  left -= own;
  return std::all_of(value.is_structured() ? value.begin() : value.end(), value.end(),
                     [&](const Json& child) { return take_off(child, left); });
}

}  // namespace

bool takes_at_most(const domain::ExecutionSnapshot& snapshot, std::size_t bytes) {
  std::size_t left = bytes;
  return take_off(snapshot.payload, left) &&
         std::all_of(snapshot.steps.begin(), snapshot.steps.end(),
                     [&](const domain::Step& step) { return take_off(step.outputs, left); }) &&
         std::all_of(snapshot.effects.begin(), snapshot.effects.end(),
                     [&](const domain::Effect& effect) { return take_off(effect.call.inputs, left); });
}

}  // namespace ipaas::daemon
