#include "daemon/runtime/live_snapshot.h"

#include "core/engine/keeping.h"

namespace ipaas::daemon {
namespace {

/// What malloc and a container add to each thing that is allocated.
constexpr std::size_t kBlock = 32;

std::size_t size_of(const std::string& text) { return text.capacity() < sizeof(std::string) / 2 ? 0 : text.capacity() + kBlock; }

std::size_t size_of(const Json& value) {
  std::size_t size = sizeof(Json);
  if (value.is_string()) return size + sizeof(std::string) + kBlock + size_of(value.get_ref<const std::string&>());
  if (!value.is_structured()) return size;
  size += 2 * kBlock;
  if (value.is_array()) {
    for (const Json& item : value) size += size_of(item);
    return size;
  }
  for (const auto& [key, member] : value.items()) size += 2 * kBlock + sizeof(std::string) + size_of(key) + size_of(member);
  return size;
}

std::size_t size_of(const domain::Failure& failure) {
  return size_of(failure.code) + size_of(failure.message) + size_of(failure.step);
}

/// Without what copies share.
std::size_t size_of(const domain::Step& step) {
  return sizeof(domain::Step) + kBlock + size_of(step.path) + size_of(step.outputs) + (step.error ? size_of(*step.error) : 0);
}

std::size_t size_of(const domain::Effect& effect) {
  return sizeof(domain::Effect) + kBlock + size_of(effect.id.str()) + size_of(effect.execution.str()) +
         size_of(effect.call.inputs) + size_of(effect.call.idempotency_key) + size_of(effect.child.inputs);
}

std::size_t size_of(const domain::Execution& execution) {
  return sizeof(domain::Execution) + size_of(execution.inputs) + size_of(execution.outputs) + size_of(execution.vars);
}

/// Put in place of `before`, which may be nothing. Returns the size of `after`.
template <typename Item>
std::size_t replace(std::size_t& bytes, const Item* before, const Item& after) {
  const std::size_t size = size_of(after);
  bytes += size;
  if (before != nullptr) bytes -= size_of(*before);
  return size;
}

}  // namespace

LiveSnapshot::LiveSnapshot(domain::ExecutionSnapshot snapshot)
    : snapshot_(std::move(snapshot)), execution_bytes_(size_of(snapshot_.execution)) {
  kept_ = engine::kept_bytes(snapshot_);
  bytes_ = sizeof(LiveSnapshot) + execution_bytes_ + size_of(snapshot_.payload);
  for (const domain::Step& step : snapshot_.steps) bytes_ += size_of(step) + (step.items ? size_of(*step.items) : 0);
  for (const domain::Effect& effect : snapshot_.effects) bytes_ += size_of(effect);
}

std::size_t LiveSnapshot::apply(const domain::ExecutionChange& change) {
  std::size_t held = execution_bytes_;
  kept_ = engine::kept_after(kept_, snapshot_, change);
  for (const domain::Step& step : change.steps) {
    const domain::Step* before = snapshot_.steps.find(step.path);
    held += replace(bytes_, before, step);
    if (step.items && (before == nullptr || !before->items)) bytes_ += size_of(*step.items);
  }
  for (const EffectId& done : change.finished) {
    if (const domain::Effect* before = snapshot_.effects.find(done.str())) bytes_ -= size_of(*before);
  }
  for (const domain::Effect& effect : change.effects) {
    held += replace(bytes_, snapshot_.effects.find(effect.id.str()), effect);
  }
  domain::apply(snapshot_, change);
  return held;
}

}  // namespace ipaas::daemon
