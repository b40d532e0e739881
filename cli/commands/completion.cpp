// ipaas completion: what a shell offers at the Tab key, made from the commands themselves.
#include <memory>
#include <ostream>

#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/completion/scripts.h"

namespace ipaas::cli {
namespace {

Outcome print(const Context& context, const CLI::App& app, const std::string& shell) {
  const std::vector<CompletionNode> nodes = completion_nodes(app);
  if (shell == "bash") context.world.out << bash_completion(nodes);
  if (shell == "zsh") context.world.out << zsh_completion(nodes);
  if (shell == "fish") context.world.out << fish_completion(nodes);
  return ExitCode::kOk;
}

}  // namespace

void add_completion(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "completion", "Print the completion script of a shell",
                               "ipaas completion bash > ~/.local/share/bash-completion/completions/ipaas\n"
                               "  ipaas completion zsh > \"${fpath[1]}/_ipaas\"\n"
                               "  ipaas completion fish > ~/.config/fish/completions/ipaas.fish");
  const auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(one_of(shells()))->type_name("");
  const CLI::App* app = &line.app();
  line.on(command, {[shell, app](const Context& context) { return print(context, *app, *shell); }});
}

}  // namespace ipaas::cli
