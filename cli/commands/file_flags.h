// The flags that apply, diff and validate share.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/command_line.h"

namespace ipaas::cli {

struct FileFlags {
  std::vector<std::string> paths;
  bool recursive = false;
  std::string format = "text";
};

/// `-f PATH…`, `-R` and `--format text|github`. The flags must outlive the command.
void add_file_flags(CLI::App& command, FileFlags& flags);

/// Errors as annotations on standard output under `--format github`, else as they are.
[[nodiscard]] Outcome refuse_files(const Context& context, const FileFlags& flags, const Errors& errors);

}  // namespace ipaas::cli
