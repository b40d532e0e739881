#include "core/service/concealment.h"

#include <algorithm>
#include <set>

#include "core/security/masker.h"

namespace ipaas::service {
namespace {

/// The ids of steps whose data are not shown.
class Concealed {
 public:
  explicit Concealed(const language::Workflow& workflow) {
    for (const language::Steps* block : {&workflow.steps, &workflow.on_failure, &workflow.finally}) {
      for (const language::Step& step : *block) add(step, false);
    }
  }

  /// Ids are unique in a workflow: the last one of a path says which step it is.
  [[nodiscard]] bool holds(const domain::Step& record) const {
    const std::string& path = record.path;
    const std::size_t dot = path.rfind('.');
    return record.sensitive || ids_.contains(dot == std::string::npos ? path : path.substr(dot + 1));
  }

 private:
  /// True where the step's outputs are concealed.
  bool add(const language::Step& step, bool inherited) {
    const bool sensitive = inherited || step.sensitive;
    bool concealed = sensitive;
    for (const language::Steps* block : step.blocks()) {
      for (const language::Step& inner : *block) {
        const bool hidden = add(inner, sensitive);
        // What a container gives is what its last steps gave.
        if (hidden && &inner == &block->back()) concealed = true;
      }
    }
    if (concealed) ids_.insert(step.id);
    return concealed;
  }

  std::set<std::string> ids_;
};

void redact(Json& value) {
  if (!value.is_null()) value = security::kRedacted;
}

void redact(domain::Step& step) {
  redact(step.outputs);
  if (step.error) step.error->message = security::kRedacted;
  if (step.items) step.items = std::make_shared<const Json>(Json());
}

}  // namespace

void conceal(const language::Workflow& workflow, domain::ExecutionSnapshot& snapshot) {
  for (const language::Input& input : workflow.inputs) {
    if (!input.sensitive) continue;
    if (const auto value = snapshot.execution.inputs.find(input.name); value != snapshot.execution.inputs.end()) {
      redact(*value);
    }
  }
  const Concealed concealed(workflow);
  std::set<std::string> paths;
  snapshot.steps.change_each([&](domain::Step& step) {
    if (!concealed.holds(step)) return;
    redact(step);
    paths.insert(step.path);
  });
  auto& error = snapshot.execution.error;
  if (error && paths.contains(error->step)) error->message = security::kRedacted;
}

bool may_conceal(const domain::WorkflowVersion& version) { return version.source.find("sensitive") != std::string::npos; }

}  // namespace ipaas::service
