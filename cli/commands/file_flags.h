// The flags that apply, diff and validate share.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/command_line.h"
#include "cli/workflow_files.h"

namespace ipaas::cli {

struct FileFlags {
  std::vector<std::string> paths;
  bool recursive = false;
  std::string format = "text";
  bool strict = false;
};

/// `-f PATH…`, `-R` and `--format text|github`. The flags must outlive the command.
void add_path_flags(CLI::App& command, FileFlags& flags);

/// The same, and `--strict`.
void add_file_flags(CLI::App& command, FileFlags& flags);

/// Errors as annotations on standard output under `--format github`, else as they are.
[[nodiscard]] Outcome refuse_files(const Context& context, const FileFlags& flags, const Errors& errors);

/// Writes the warnings to standard error, under `--format github` as annotations, and goes on; under `--strict` they
/// are refused as errors.
[[nodiscard]] tl::expected<void, Outcome> warn_of(const Context& context, const FileFlags& flags,
                                                  const Errors& warnings);

/// What `-f` names, read, checked and warned of; or how the command ends.
[[nodiscard]] tl::expected<std::vector<WorkflowDocument>, Outcome> workflows_of(const Context& context,
                                                                                const FileFlags& flags);

}  // namespace ipaas::cli
