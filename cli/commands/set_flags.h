// The set of workflows that apply and diff work on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/command_line.h"
#include "cli/workflow_files.h"

namespace ipaas::cli {

struct SetFlags {
  std::optional<std::string> name;
  bool prune = false;
};

/// `--set NAME` and `--prune`. The flags must outlive the command.
void add_set_flags(CLI::App& command, SetFlags& flags);

/// Refuses --prune without a set, and a set without a name: an empty variable of a script must not look like none.
[[nodiscard]] Result<void> check(const SetFlags& flags);

/// What the daemon is asked for: {documents: [{file, source}], set, prune}.
[[nodiscard]] Json apply_request(const std::vector<WorkflowDocument>& documents, const SetFlags& flags);

}  // namespace ipaas::cli
