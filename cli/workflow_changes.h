// What apply would do to each workflow, found out without doing it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/api/client.h"
#include "cli/commands/set_flags.h"
#include "core/language/difference.h"

namespace ipaas::cli {

struct WorkflowChange {
  std::string name;
  std::string file = {};      ///< empty for what is pruned
  std::string action = {};    ///< created, updated, unchanged or pruned
  std::string version = {};   ///< the live one; empty for what is created
  std::string left_set = {};  ///< that it would leave for another; empty mostly
  std::string before = {};    ///< the live text
  std::string after = {};     ///< the text of the file
  /// What the texts say differently: nothing at all where only comments or layout differ. Not there where they cannot
  /// be compared.
  std::optional<std::vector<language::Change>> changes = {};
};

/// In the order of the documents, what is pruned last.
[[nodiscard]] ResultOrErrors<std::vector<WorkflowChange>> changes_of(const Client& client,
                                                                     const std::vector<WorkflowDocument>& documents,
                                                                     const SetFlags& set);

/// What the daemon would refuse the apply for, such as a credential that is missing; or why it cannot be asked.
[[nodiscard]] ResultOrErrors<Errors> refusals_of(const Client& client, const std::vector<WorkflowDocument>& documents,
                                                 const SetFlags& set);

}  // namespace ipaas::cli
