#include "core/language/wait_link.h"

#include <algorithm>

namespace ipaas::language {
namespace {

bool names_wait(const References& references) {
  return std::any_of(references.contexts.begin(), references.contexts.end(),
                     [](const Reference& reference) { return reference.context == "wait"; });
}

bool names_wait(const Json&) { return false; }

bool names_wait(const Template& text) { return names_wait(text.references()); }

bool names_wait(const TemplateTree& tree);

bool names_wait(const TemplateTree::Members& members) {
  return std::any_of(members.begin(), members.end(), [](const auto& member) { return names_wait(member.second); });
}

bool names_wait(const TemplateTree::Items& items) {
  return std::any_of(items.begin(), items.end(), [](const TemplateTree& item) { return names_wait(item); });
}

bool names_wait(const TemplateTree& tree) {
  return tree.visit([](const auto& node) { return names_wait(node); });
}

/// What a step itself evaluates; the steps inside it are asked by themselves.
struct OwnTexts {
  bool operator()(const UsesStep& step) const {
    return names_wait(step.with) || (step.idempotency_key && names_wait(*step.idempotency_key)) ||
           (step.rate_limit && names_wait(step.rate_limit->key));
  }
  bool operator()(const SetStep& step) const { return names_wait(step.value); }
  bool operator()(const LogStep& step) const { return names_wait(step.message); }
  bool operator()(const FailStep& step) const { return names_wait(step.message); }
  bool operator()(const ParallelStep&) const { return false; }
  bool operator()(const ForEachStep& step) const { return names_wait(step.items); }
  bool operator()(const SwitchStep& step) const { return names_wait(step.value); }
  bool operator()(const CallStep& step) const { return names_wait(step.with); }
  bool operator()(const SleepStep& step) const { return names_wait(step.duration); }
  bool operator()(const WaitForStep& step) const { return step.message && names_wait(*step.message); }
};

bool names_wait(const Step& step) {
  if (step.condition && names_wait(step.condition->references())) return true;
  if (std::visit(OwnTexts{}, step.action)) return true;
  for (const Steps* block : step.blocks()) {
    if (std::any_of(block->begin(), block->end(), [](const Step& inner) { return names_wait(inner); })) return true;
  }
  return false;
}

}  // namespace

bool tells_link(const WaitForStep& wait) {
  return std::any_of(wait.notify.begin(), wait.notify.end(), [](const Step& step) { return names_wait(step); });
}

}  // namespace ipaas::language
