#include "core/language/workflow.h"

namespace ipaas::language {
namespace {

std::string_view name(const UsesStep&) { return "uses"; }
std::string_view name(const SetStep&) { return "set"; }
std::string_view name(const LogStep&) { return "log"; }
std::string_view name(const FailStep&) { return "fail"; }
std::string_view name(const ParallelStep&) { return "parallel"; }
std::string_view name(const ForEachStep&) { return "for-each"; }
std::string_view name(const SwitchStep&) { return "switch"; }
std::string_view name(const CallStep&) { return "call"; }
std::string_view name(const SleepStep&) { return "sleep"; }
std::string_view name(const WaitForStep&) { return "wait-for"; }

struct BlocksOf {
  template <typename Action>
  std::vector<const Steps*> operator()(const Action&) const { return {}; }
  std::vector<const Steps*> operator()(const ParallelStep& step) const { return {&step.branches}; }
  std::vector<const Steps*> operator()(const ForEachStep& step) const { return {&step.steps}; }
  std::vector<const Steps*> operator()(const WaitForStep& step) const { return {&step.notify}; }
  std::vector<const Steps*> operator()(const SwitchStep& step) const {
    std::vector<const Steps*> blocks;
    for (const SwitchStep::Case& one : step.cases) blocks.push_back(&one.steps);
    blocks.push_back(&step.otherwise);
    return blocks;
  }
};

void gather(const Steps& steps, std::vector<const Step*>& all) {
  for (const Step& step : steps) {
    all.push_back(&step);
    for (const Steps* block : step.blocks()) gather(*block, all);
  }
}

}  // namespace

std::string_view Step::kind() const {
  return std::visit([](const auto& step) { return name(step); }, action);
}

std::vector<const Steps*> Step::blocks() const { return std::visit(BlocksOf(), action); }

std::vector<const Step*> all_steps(const Workflow& workflow) {
  std::vector<const Step*> all;
  for (const Steps* steps : {&workflow.steps, &workflow.on_failure, &workflow.finally}) gather(*steps, all);
  return all;
}

}  // namespace ipaas::language
