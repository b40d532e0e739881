#include "cli/workflow_changes.h"

#include <set>

#include "cli/output/fields.h"
#include "core/language/document_text.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kWorkflows = "/api/v1/workflows";

/// The workflow as it is live, or null.
ResultOrErrors<Json> live(const Client& client, const std::string& name) {
  auto answer = client.get(api_path(kWorkflows, name));
  if (answer) return std::move(answer->data);
  if (answer.error().front().kind == ErrorKind::kNotFound) return Json();
  return tl::unexpected(answer.error());
}

ResultOrErrors<WorkflowChange> compare(const Client& client, const WorkflowDocument& document, const SetFlags& set) {
  const language::Workflow& workflow = *document.workflow;
  const auto known = live(client, workflow.name);
  if (!known) return tl::unexpected(known.error());
  WorkflowChange change{.name = workflow.name, .file = document.file, .action = "created"};
  change.after = language::document_text(workflow.source);
  if (!known->is_null()) {
    change.version = text_of(*known, "version");
    change.before = language::document_text(text_of(*known, "source"));
    change.action = change.before == change.after ? "unchanged" : "updated";
    const std::string left = text_of(*known, "set");
    if (set.name && left != *set.name) change.left_set = left;
  }
  change.changes = language::difference(change.before, change.after);
  return change;
}

/// What is in the set, and is not among the documents.
ResultOrErrors<std::vector<WorkflowChange>> pruned(const Client& client, const std::vector<WorkflowDocument>& documents,
                                                   const std::string& set) {
  std::set<std::string> kept;
  for (const WorkflowDocument& document : documents) kept.insert(document.workflow->name);
  const auto answer = client.get(std::string(kWorkflows));
  if (!answer) return tl::unexpected(answer.error());
  std::vector<WorkflowChange> changes;
  for (const Json& row : answer->data) {
    const std::string name = text_of(row, "name");
    if (text_of(row, "set") != set || kept.contains(name)) continue;
    const auto known = live(client, name);
    if (!known) return tl::unexpected(known.error());
    if (known->is_null()) continue;  // deleted in between
    WorkflowChange change{.name = name, .action = "pruned", .version = text_of(row, "version")};
    change.before = language::document_text(text_of(*known, "source"));
    change.changes = language::difference(change.before, "");
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

ResultOrErrors<std::vector<WorkflowChange>> changes_of(const Client& client,
                                                       const std::vector<WorkflowDocument>& documents,
                                                       const SetFlags& set) {
  std::vector<WorkflowChange> changes;
  for (const WorkflowDocument& document : documents) {
    auto change = compare(client, document, set);
    if (!change) return tl::unexpected(change.error());
    changes.push_back(*std::move(change));
  }
  if (!set.prune) return changes;
  auto gone = pruned(client, documents, *set.name);
  if (!gone) return tl::unexpected(gone.error());
  for (WorkflowChange& change : *gone) changes.push_back(std::move(change));
  return changes;
}

ResultOrErrors<Errors> refusals_of(const Client& client, const std::vector<WorkflowDocument>& documents,
                                   const SetFlags& set) {
  Json request = apply_request(documents, set);
  request["dry_run"] = true;
  const auto answer = client.post(api_path(kWorkflows, "apply"), request);
  if (answer) return Errors();
  const ErrorKind kind = answer.error().front().kind;
  // Who may look but not apply still gets to see the difference.
  const bool tells = kind == ErrorKind::kInvalid || kind == ErrorKind::kForbidden;
  if (!tells) return tl::unexpected(answer.error());
  return answer.error();
}

}  // namespace ipaas::cli
