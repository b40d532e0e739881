// Which files the paths of `-f` name.
#pragma once

#include <string>
#include <system_error>
#include <vector>

#include "cli/exit_code.h"

namespace ipaas::cli {

/// Tests lie beside the workflow that they test: NAME.test.yaml or NAME.test.yml.
[[nodiscard]] bool is_test_file(const std::string& path);

/// *.yaml and *.yml of a directory, tests too, in order of their names; with `recursive` from all levels, hidden ones left
/// out. Symbolic links to directories are not followed, so the walk ends.
[[nodiscard]] std::vector<std::string> yaml_files_of(const std::string& directory, bool recursive, std::error_code& error);

enum class TestFiles { kLeftOut, kTaken };

/// Files as they are, `-` for standard input, and the YAML files of directories. A file that is named twice, or by links, is
/// there once. Tests are left out whether a path or a directory names them. A directory without a file is an error, and so is what it holds that is no file and could block.
[[nodiscard]] ResultOrErrors<std::vector<std::string>> files_named(const std::vector<std::string>& paths, bool recursive,
                                                                   TestFiles tests);

}  // namespace ipaas::cli
