#include "core/language/workflow_parser.h"

#include <algorithm>

#include "core/language/parser/inputs.h"
#include "core/language/parser/secret_literals.h"
#include "core/language/parser/settings.h"
#include "core/language/parser/step_reader.h"
#include "core/language/parser/triggers.h"
#include "core/language/yaml/reader.h"

namespace ipaas::language {
namespace {

void read_outputs(Reading& reading, const yaml::Entry& entry, const Place& place, Workflow& workflow) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`outputs`", *entry.value, entry.position, "a mapping", "write one key for each output");
  }
  for (const yaml::Entry& output : *entries) {
    workflow.outputs.emplace_back(output.key, read_tree(reading, *output.value, place));
  }
}

/// In the order in which they run: what comes later sees what came before. A webhook's answer is made of what the steps
/// gave, so triggers are among them.
void read_steps_and_triggers(Reading& reading, const yaml::Node& root, Workflow& workflow) {
  const WorkflowOutline outline = outline_of(reading, root);
  StepDefaults defaults = read_defaults(reading, root);
  StepReader reader(reading, workflow, outline, defaults);
  workflow.steps = reader.read(outline.steps);
  const Place after_steps = reader.place();
  if (const auto* entry = root.find("outputs")) read_outputs(reading, *entry, after_steps, workflow);
  if (const auto* entry = root.find("on")) read_triggers(reading, *entry, after_steps, workflow);
  workflow.on_failure = reader.read_on_failure(outline.on_failure);
  workflow.finally = reader.read(outline.finally);
  warn_of_unused(reading, defaults, workflow);
}

Workflow read_workflow(Reading& reading) {
  Workflow workflow;
  workflow.source = reading.document.source;
  const yaml::Node& root = *reading.document.root;
  if (read_mapping(reading, root, workflow_keys(), root.position()) == nullptr) return workflow;
  if (const auto* entry = root.find("name")) workflow.name = read_workflow_name(reading, *entry).value_or("");
  if (const auto* entry = root.find("description")) workflow.description = read_text(reading, *entry).value_or("");
  if (const auto* entry = root.find("inputs")) read_inputs(reading, *entry, workflow);
  read_settings(reading, root, workflow);
  read_steps_and_triggers(reading, root, workflow);
  std::sort(workflow.credentials.begin(), workflow.credentials.end(), [](const CredentialUse& a, const CredentialUse& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return workflow;
}

/// The workflows of a stream, in order, each name once.
class WorkflowSet {
 public:
  explicit WorkflowSet(Report& report) : report_(report) {}

  void add(Workflow workflow, const yaml::Document& document) {
    const auto same = [&](const WorkflowPtr& other) { return !other->name.empty() && other->name == workflow.name; };
    if (std::any_of(workflows_.begin(), workflows_.end(), same)) {
      const yaml::Entry* name = document.root->find("name");
      report_.add(name->value->position(), "duplicate_workflow",
                  "the name " + shown(workflow.name) + " is taken by a workflow above", "give each workflow a name of its own");
    }
    workflows_.push_back(std::make_shared<const Workflow>(std::move(workflow)));
  }
  [[nodiscard]] std::vector<WorkflowPtr> take() { return std::move(workflows_); }
  [[nodiscard]] bool empty() const { return workflows_.empty(); }

 private:
  Report& report_;
  std::vector<WorkflowPtr> workflows_;
};

}  // namespace

ResultOrErrors<std::vector<WorkflowPtr>> parse_workflows(std::string_view text, std::string_view file,
                                                         const ActionCatalog& catalog, const SecretTest& looks_secret) {
  Report report;
  yaml::Stream stream = yaml::read(text);
  for (Error& error : stream.errors) report.add(std::move(error));
  WorkflowSet workflows(report);
  for (const yaml::Document& document : stream.documents) {
    if (document.root == nullptr || document.root->is_null()) continue;  // nothing between two `---`
    Report warnings;
    Reading reading{document, report, catalog, warnings};
    Workflow workflow = read_workflow(reading);
    if (looks_secret) warn_of_secrets(reading, *document.root, looks_secret);
    workflow.variables = std::move(reading.variables);
    workflow.warnings = warnings.take(file);
    workflows.add(std::move(workflow), document);
  }
  if (workflows.empty() && report.size() == 0) {
    report.add({1, 1}, "empty_document", "there is no workflow in this text", "begin with `name:`, `on:` and `steps:`");
  }
  if (report.size() > 0) return tl::unexpected(report.take(file));
  return workflows.take();
}

}  // namespace ipaas::language
