#include "core/engine/keeping.h"

#include <algorithm>

namespace ipaas::engine {
namespace {

std::size_t bytes_of(const domain::Step& step) {
  return record_bytes(step.path) + kept_bytes(step.outputs) + (step.items ? kept_bytes(*step.items) : 0);
}

std::size_t bytes_of(const domain::Effect& effect) {
  return kept_bytes(effect.call.inputs) + kept_bytes(effect.child.inputs);
}

}  // namespace

std::size_t kept_bytes(const Json& value) {
  if (value.is_null()) return 0;
  if (const auto* text = value.get_ptr<const Json::string_t*>()) return text->size() + 2;
  if (!value.is_structured()) return 1;
  std::size_t bytes = 2;
  if (const auto* items = value.get_ptr<const Json::array_t*>()) {
    for (const Json& item : *items) bytes += 1 + kept_bytes(item);
  } else {
    for (const auto& [key, member] : *value.get_ptr<const Json::object_t*>()) bytes += 3 + key.size() + kept_bytes(member);
  }
  return bytes;
}

std::size_t kept_bytes(const domain::ExecutionSnapshot& snapshot) {
  std::size_t bytes = 0;
  for (const domain::Step& step : snapshot.steps) bytes += bytes_of(step);
  for (const domain::Effect& effect : snapshot.effects) bytes += bytes_of(effect);
  return bytes;
}

std::size_t kept_after(std::size_t kept, const domain::ExecutionSnapshot& before, const domain::ExecutionChange& change) {
  for (const domain::Step& step : change.steps) {
    const domain::Step* known = before.steps.find(step.path);
    kept += kept_bytes(step.outputs);
    if (known == nullptr) kept += record_bytes(step.path);
    if (known != nullptr) kept -= std::min(kept, kept_bytes(known->outputs));
    // Never changed once it is there.
    if (step.items && (known == nullptr || !known->items)) kept += kept_bytes(*step.items);
  }
  for (const EffectId& done : change.finished) {
    if (const domain::Effect* effect = before.effects.find(done.str())) kept -= std::min(kept, bytes_of(*effect));
  }
  for (const domain::Effect& effect : change.effects) kept += bytes_of(effect);
  return kept;
}

std::string shortened(std::string text) {
  if (text.size() <= kLongestText) return text;
  const std::string mark = " … (cut: it has " + std::to_string(text.size()) + " bytes)";
  std::size_t end = kLongestText - mark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text += mark;
}

}  // namespace ipaas::engine
