#include "core/language/workflow_parser.h"

#include <algorithm>

#include "core/language/parser/inputs.h"
#include "core/language/parser/steps.h"
#include "core/language/parser/triggers.h"
#include "core/language/yaml/reader.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kLongestName = 63;

bool is_workflow_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= kLongestName && text.front() != '-' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

void read_name(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  auto name = read_text(reading, entry);
  if (!name) return;
  if (!is_workflow_name(*name)) {
    reading.report.add(entry.value->position(), "bad_name", shown(*name) + " cannot be the name of a workflow",
                       "use a-z, 0-9 and -, up to 63, and do not begin with -");
    return;
  }
  workflow.name = std::move(*name);
}

void read_outputs(Reading& reading, const yaml::Entry& entry, const StepIds& ids, Workflow& workflow) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    return report_type(reading, "`outputs`", *entry.value, entry.position, "a mapping", "write one key for each output");
  }
  const Place place = step_place(ids, ids.size());
  for (const yaml::Entry& output : *entries) {
    workflow.outputs.emplace_back(output.key, read_tree(reading, *output.value, place));
  }
}

Workflow read_workflow(Reading& reading) {
  Workflow workflow;
  workflow.source = reading.document.source;
  const yaml::Node& root = *reading.document.root;
  if (read_mapping(reading, root, workflow_keys(), root.position()) == nullptr) return workflow;
  if (const auto* entry = root.find("name")) read_name(reading, *entry, workflow);
  if (const auto* entry = root.find("description")) workflow.description = read_text(reading, *entry).value_or("");
  if (const auto* entry = root.find("on")) read_triggers(reading, *entry, workflow);
  if (const auto* entry = root.find("inputs")) read_inputs(reading, *entry, workflow);
  const auto* steps = root.find("steps");
  const StepIds ids = steps == nullptr ? StepIds() : read_steps(reading, *steps, workflow);
  if (const auto* entry = root.find("outputs")) read_outputs(reading, *entry, ids, workflow);
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
                                                         const ActionCatalog& catalog) {
  Report report;
  yaml::Stream stream = yaml::read(text);
  for (Error& error : stream.errors) report.add(std::move(error));
  WorkflowSet workflows(report);
  for (const yaml::Document& document : stream.documents) {
    if (document.root == nullptr || document.root->is_null()) continue;  // nothing between two `---`
    Reading reading{document, report, catalog};
    workflows.add(read_workflow(reading), document);
  }
  if (workflows.empty() && report.size() == 0) {
    report.add({1, 1}, "empty_document", "there is no workflow in this text", "begin with `name:`, `on:` and `steps:`");
  }
  if (report.size() > 0) return tl::unexpected(report.take(file));
  return workflows.take();
}

}  // namespace ipaas::language
