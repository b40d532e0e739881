// The tree of commands with their flags, and what runs when one is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "cli/options.h"

namespace ipaas::cli {

/// A command once it is chosen.
struct Action {
  std::function<Outcome(const Context&)> run;
  /// Words for -o beside the five that every command takes.
  std::vector<std::string> more_formats = {};
  /// In the place of exit code 1, where that has another meaning: diff.
  ExitCode failed = ExitCode::kFailed;
};

class CommandLine {
 public:
  CommandLine();

  [[nodiscard]] CLI::App& app() { return app_; }
  [[nodiscard]] const GlobalOptions& options() const { return options_; }

  /// A command below `parent`; every one shows an example in its help.
  CLI::App& add(CLI::App& parent, const std::string& name, const std::string& description, const std::string& example);
  /// A noun, whose verbs are added below it.
  CLI::App& add_group(const std::string& name, const std::string& description);
  void on(const CLI::App& command, Action action) { actions_[&command] = std::move(action); }

  /// Its argument may begin like a negative number, which would otherwise be looked for among the flags.
  void take_signed(const CLI::App& command) { signed_.push_back(command.get_name()); }

  /// Reads the arguments (without the program's name). Then `chosen` is set, or `help` has the text that was asked for.
  [[nodiscard]] Result<void> parse(const std::vector<std::string>& arguments);

  [[nodiscard]] const std::string& help() const { return help_; }
  [[nodiscard]] const Action& chosen() const { return *chosen_; }
  [[nodiscard]] Result<OutputFormat> output_format() const;

 private:
  [[nodiscard]] const CLI::App& deepest() const;
  [[nodiscard]] Error explain(const std::string& message) const;
  [[nodiscard]] std::vector<std::string> with_signed_last(std::vector<std::string> arguments) const;

  CLI::App app_;
  GlobalOptions options_;
  std::map<const CLI::App*, Action> actions_;
  std::vector<std::string> signed_;  ///< names of the commands that take_signed was told
  const Action* chosen_ = nullptr;
  std::string help_;
};

/// The names of an app's visible commands and flags, for completion and for "did you mean".
[[nodiscard]] std::vector<const CLI::App*> commands_of(const CLI::App& app);
[[nodiscard]] std::vector<std::string> flags_of(const CLI::App& app);

}  // namespace ipaas::cli
