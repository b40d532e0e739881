#include "core/language/parser/step_scope.h"

#include <algorithm>

namespace ipaas::language {
namespace {

const StepOutline* find(const std::vector<const StepOutline*>& steps, std::string_view id) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const StepOutline* step) { return same_name(step->id, id); });
  return found == steps.end() ? nullptr : *found;
}

}  // namespace

StepScope::StepScope(const WorkflowOutline& outline) : all_(outline.all.begin(), outline.all.end()) {}

void StepScope::hide_since(std::size_t mark, std::string_view loop) {
  for (const StepOutline* step : take_since(mark)) hidden_in_.emplace(step, loop);
}

std::vector<const StepOutline*> StepScope::take_since(std::size_t mark) {
  const auto begin = visible_.begin() + static_cast<std::ptrdiff_t>(mark);
  std::vector<const StepOutline*> taken(begin, visible_.end());
  visible_.erase(begin, visible_.end());
  return taken;
}

bool StepScope::sees(std::string_view id) const { return find(visible_, id) != nullptr; }

std::vector<std::string_view> StepScope::names() const {
  std::vector<std::string_view> names;
  for (const StepOutline* step : visible_) names.push_back(step->id);
  return names;
}

StepScope::Refusal StepScope::why_not(std::string_view id) const {
  constexpr std::string_view kHint = "name a step that runs before this one";
  const StepOutline* step = find(all_, id);
  if (step == nullptr) {
    std::string hint = suggestion(id, names());
    if (hint.empty()) hint = "no step runs before this one";
    return {"there is no step " + shown(id), std::move(hint)};
  }
  if (!open_.empty() && open_.back() == step) return {"a step cannot see itself", std::string(kHint)};
  if (find(open_, id) != nullptr) return {"this step is inside of " + shown(id) + ", which has not ended yet", std::string(kHint)};
  const auto hidden = hidden_in_.find(step);
  if (hidden != hidden_in_.end()) {
    return {"step " + shown(id) + " is inside of " + shown(hidden->second) + " and is seen only there",
            "name `steps." + hidden->second + ".outputs`"};
  }
  if (!open_.empty() && step->number < open_.back()->number) {
    return {"step " + shown(id) + " is on another branch, which need not have run", std::string(kHint)};
  }
  return {"step " + shown(id) + " runs after this one", std::string(kHint)};
}

}  // namespace ipaas::language
