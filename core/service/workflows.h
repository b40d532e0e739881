// Applying workflows and looking after them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

struct Document {
  std::string file;    ///< for messages
  std::string source;  ///< one YAML document
};

struct ApplyRequest {
  std::vector<Document> documents = {};
  std::string message = {};
  bool dry_run = false;
  std::string set = {};  ///< that the workflows belong to from now on; empty leaves each in the set it is in
  bool prune = false;    ///< deletes the workflows of `set` that are not among the documents
  /// What may be pruned, where somebody was shown a list: if it is another one by now, nothing is applied.
  std::optional<std::vector<std::string>> confirmed = {};
  std::optional<int> rolls_back_to = {};  ///< for the audit record: the version whose text this is
};

/// Stores new versions of what changed, all or nothing. Besides what is wrong with the text, refuses a name that occurs
/// twice (duplicate_workflow) and a credential that is missing (credential_missing, the hint is the command that creates
/// it) or of a type that does not fit (credential_type), and calls that go in a circle (call_cycle) or too deep
/// (call_depth), over living workflows, too. Pruning needs a set (prune_without_set) and at least one
/// workflow, so that an empty directory deletes nothing; what was confirmed and is no more so is set_changed. The text
/// that is kept is language::document_text, so that layout around a document makes no new version.
[[nodiscard]] ResultOrErrors<std::vector<store::SavedWorkflow>> apply_workflows(const Context& context,
                                                                               const ApplyRequest& request);

/// By workflow, what is right and will not work on this instance as it is set up: links to waits that nobody can be told,
/// since it has no public URL (public_url_missing). Of documents that apply_workflows takes.
[[nodiscard]] std::multimap<std::string, Error> apply_warnings(const Context& context, const std::vector<Document>& documents);

[[nodiscard]] Result<std::vector<domain::Workflow>> list_workflows(const Context& context);

struct WorkflowDetails {
  domain::Workflow workflow;
  domain::WorkflowVersion version;
  std::vector<domain::Schedule> schedules;
};
[[nodiscard]] Result<WorkflowDetails> get_workflow(const Context& context, const std::string& name);

/// Newest first, without sources.
[[nodiscard]] Result<std::vector<domain::WorkflowVersion>> list_versions(const Context& context, const std::string& name);
[[nodiscard]] Result<domain::WorkflowVersion> get_version(const Context& context, const std::string& name, int number);

/// Applies the text of an older version anew, as the newest one; what apply would refuse today is refused. `kUnchanged`
/// where it is the newest version's text. An empty message says where it goes back to.
[[nodiscard]] ResultOrErrors<store::SavedWorkflow> roll_back_workflow(const Context& context, const std::string& name,
                                                                      int to, const std::string& message);

/// Disabling stops triggers, not running executions. Enabling starts schedules anew from now on.
[[nodiscard]] Result<void> set_workflow_enabled(const Context& context, const std::string& name, bool enabled);

/// Its executions stay readable. kConflict (still_called) while another workflow calls it.
[[nodiscard]] Result<void> delete_workflow(const Context& context, const std::string& name);

/// The definition of a stored version.
[[nodiscard]] Result<language::WorkflowPtr> definition_of(store::TenantReader& reader, const language::ActionCatalog& catalog,
                                                          const TenantId& tenant, const WorkflowId& workflow, int version);

}  // namespace ipaas::service
