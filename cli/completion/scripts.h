// Completion scripts for bash, zsh and fish, generated from the tree of commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ipaas::cli {

/// A word that can be completed.
struct CompletionWord {
  std::string text;
  std::string description;
  bool takes_value = false;
};

/// One command: what may follow it.
struct CompletionNode {
  std::string path;  ///< "", "workflow", "workflow list"
  std::vector<CompletionWord> commands;
  std::vector<CompletionWord> flags;  ///< the global ones too
  std::string names;  ///< the command that lists what its argument may be: `workflow list`; empty where none does
};

[[nodiscard]] std::vector<CompletionNode> completion_nodes(const CLI::App& app);

[[nodiscard]] std::string bash_completion(const std::vector<CompletionNode>& nodes);
[[nodiscard]] std::string zsh_completion(const std::vector<CompletionNode>& nodes);
[[nodiscard]] std::string fish_completion(const std::vector<CompletionNode>& nodes);

/// What the value of a flag may be, as words; empty where it is a file or anything.
[[nodiscard]] std::string values_of_flag(const std::string& flag);
/// The command that lists what the value of the flag may be; empty where none does.
[[nodiscard]] std::string names_of_flag(const std::string& flag);
/// The value of the flag is a path.
[[nodiscard]] bool takes_path(const std::string& flag);

}  // namespace ipaas::cli
