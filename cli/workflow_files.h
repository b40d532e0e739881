// Workflows on disk: what `-f` names, read and checked without a daemon.
#pragma once

#include <string>
#include <system_error>
#include <vector>

#include "cli/exit_code.h"
#include "cli/world.h"
#include "core/language/workflow.h"

namespace ipaas::cli {

struct WorkflowDocument {
  std::string file;
  language::WorkflowPtr workflow;
};

/// Tests lie beside the workflow that they test: NAME.test.yaml or NAME.test.yml.
[[nodiscard]] bool is_test_file(const std::string& path);

/// *.yaml and *.yml of a directory, tests too, in order of their names; with `recursive` from all levels, hidden ones left
/// out. Symbolic links to directories are not followed, so the walk ends.
[[nodiscard]] std::vector<std::string> yaml_files_of(const std::string& directory, bool recursive, std::error_code& error);

/// Paths of `-f`: files, `-` for standard input, and directories, of which the YAML files that are no tests are taken in
/// order of their names, with `recursive` from all levels (hidden directories left out). Every error of every file comes back at once;
/// two workflows of one name are an error too.
[[nodiscard]] ResultOrErrors<std::vector<WorkflowDocument>> load_workflows(const World& world,
                                                                           const std::vector<std::string>& paths,
                                                                           bool recursive);

}  // namespace ipaas::cli
