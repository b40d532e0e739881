#include "tests/simulation/setting.h"

#include <algorithm>

#include "core/language/workflow_parser.h"
#include "tests/support/fake_catalog.h"

namespace ipaas::simulation {
namespace {

void gather(const language::Steps& steps, std::set<std::string, std::less<>>& ids) {
  for (const language::Step& step : steps) {
    ids.insert(step.id);
    for (const language::Steps* block : step.blocks()) gather(*block, ids);
  }
}

}  // namespace

Definitions::Definitions(const std::string& text) {
  static const test::FakeCatalog catalog;
  const auto parsed = language::parse_workflows(text, "simulation.yaml", catalog);
  if (!parsed) throw std::logic_error("the generated text is no workflow: " + to_string(parsed.error().front()) + "\n" + text);
  for (const language::WorkflowPtr& workflow : *parsed) {
    Definition definition{WorkflowId("wf_" + workflow->name), workflow, {}, {}};
    for (const language::Step* step : language::all_steps(*workflow)) definition.steps.emplace(step->id, step);
    gather(workflow->finally, definition.finally);
    all_.push_back(std::move(definition));
  }
}

const Definition* Definitions::find(std::string_view name) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Definition& d) { return d.workflow->name == name; });
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace ipaas::simulation
