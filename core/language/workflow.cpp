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

std::size_t count(const Steps& steps) {
  std::size_t total = steps.size();
  for (const Step& step : steps) {
    for (const Steps* block : step.blocks()) total += count(*block);
  }
  return total;
}

}  // namespace

std::string_view Step::kind() const {
  return std::visit([](const auto& step) { return name(step); }, action);
}

std::vector<const Steps*> Step::blocks() const { return std::visit(BlocksOf(), action); }

std::size_t count_steps(const Workflow& workflow) {
  return count(workflow.steps) + count(workflow.on_failure) + count(workflow.finally);
}

}  // namespace ipaas::language
