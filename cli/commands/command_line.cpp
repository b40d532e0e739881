#include "cli/commands/command_line.h"

#include <algorithm>
#include <cctype>

#include "cli/commands/choices.h"
#include "core/base/version.h"
#include "core/language/suggest.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kHelpColumn = 34;

std::string version_line() {
  return "ipaas " + std::string(kVersion);
}

std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : path_of(*parent) + " " + app.get_name();
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
      for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
    }
  }
  std::ranges::sort(flags);
  flags.erase(std::ranges::unique(flags).begin(), flags.end());
  return flags;
}

CommandLine::CommandLine() : app_("Connects services: signed webhooks in, durable workflows, calls out.", "ipaas") {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.get_formatter()->column_width(kHelpColumn);
  app_.set_help_flag("-h,--help", "Show this help");
  app_.set_version_flag("--version", version_line(), "Show the version");
  app_.add_option("-o,--output", options_.output, "How to print: table, wide, json, yaml or name")->type_name("FORMAT");
  app_.add_option("--host", options_.host, "Where the daemon is: unix:///path (or IPAAS_HOST)")->type_name("ADDRESS");
  app_.add_option("--tenant", options_.tenant, "Whose data (or IPAAS_TENANT; default: default)")->type_name("NAME");
  app_.add_flag("--no-color", options_.no_color, "No colours, also on a terminal (or NO_COLOR)");
  app_.add_flag("--yes", options_.yes, "Do not ask before something is destroyed");
  app_.footer(
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 invalid workflow or input, 4 not allowed, 5 not found or conflict,\n"
      "6 daemon unreachable, 7 the execution failed, 8 a wait timed out, 130 interrupted.\n"
      "Run `ipaas COMMAND --help` for a command's flags and an example.");
}

CLI::App& CommandLine::add(CLI::App& parent, const std::string& name, const std::string& description,
                           const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->require_subcommand(0);
  command->footer("Example:\n  " + example + "\n\nFlags of every command (-o, --host, --tenant …): `ipaas --help`.");
  return *command;
}

CLI::App& CommandLine::add_group(const std::string& name, const std::string& description) {
  CLI::App* group = app_.add_subcommand(name, description);
  group->require_subcommand(1);
  group->footer("Run `ipaas " + name + " COMMAND --help` for a command's flags and an example.");
  return *group;
}

const CLI::App& CommandLine::deepest() const {
  const CLI::App* app = &app_;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
  return *app;
}

Error CommandLine::explain(const std::string& message) const {
  const CLI::App& at = deepest();
  const std::string see = "see `" + path_of(at) + " --help`";
  const std::vector<std::string> unknown = app_.remaining(true);
  if (!unknown.empty()) {
    // A value in the flag's own word is not for an error message.
    const std::string word = unknown.front().substr(0, unknown.front().find('='));
    const bool flag = word.starts_with('-');
    std::vector<std::string> known;
    if (flag) known = flags_of(at);
    for (const CLI::App* command : commands_of(at)) {
      if (!flag) known.push_back(command->get_name());
    }
    if (!flag && known.empty()) {
      if (at.get_option_no_throw("cron") != nullptr) {
        return usage_error("the cron expression is in several words", "put it in quotes, such as '30 7 * * MON-FRI'");
      }
      const bool takes_files = at.get_option_no_throw("--file") != nullptr;
      return usage_error("`" + path_of(at) + "` takes no further argument `" + word + "`",
                         takes_files ? "write `-f " + word + "`" : see);
    }
    const std::string hint = language::did_you_mean(word, known);
    return usage_error((flag ? "unknown flag `" : "unknown command `") + word + "`", hint.empty() ? see : hint);
  }
  if (!commands_of(at).empty()) return usage_error("`" + path_of(at) + "` takes a command", see);
  // A refusal of ours has its hint after the line break: see choices.h.
  const std::size_t hint = message.rfind('\n');
  if (hint != std::string::npos) return usage_error(message.substr(0, hint), message.substr(hint + 1));
  return usage_error(message, see);
}

// Behind `--` nothing is a flag; there it is safe, and the command's flags can stand on either side of it.
std::vector<std::string> CommandLine::with_signed_last(std::vector<std::string> arguments) const {
  const auto command = std::ranges::find_first_of(arguments, signed_);
  if (command == arguments.end() || std::ranges::find(arguments, "--") != arguments.end()) return arguments;
  const auto is_signed = [](const std::string& word) {
    if (word.size() < 2 || word[0] != '-') return false;
    return std::isdigit(static_cast<unsigned char>(word[1])) != 0 || word[1] == '.' || word[1] == 'I';
  };
  const auto word = std::find_if(command, arguments.end(), is_signed);
  if (word == arguments.end()) return arguments;
  std::rotate(word, word + 1, arguments.end());
  arguments.insert(arguments.end() - 1, "--");
  return arguments;
}

Result<void> CommandLine::parse(const std::vector<std::string>& arguments) {
  const std::vector<std::string> ordered = with_signed_last(arguments);
  std::vector<std::string> reversed(ordered.rbegin(), ordered.rend());
  try {
    app_.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    help_ = app_.help();
    return {};
  } catch (const CLI::CallForVersion&) {
    help_ = version_line() + "\n";
    return {};
  } catch (const CLI::ParseError& error) {
    return tl::unexpected(explain(error.what()));
  }
  chosen_ = &actions_.at(&deepest());
  return {};
}

Result<OutputFormat> CommandLine::output_format() const {
  if (const auto format = output_format_from_name(options_.output)) return *format;
  Words known = output_formats();
  if (chosen_ != nullptr) {
    if (std::ranges::find(chosen_->more_formats, options_.output) != chosen_->more_formats.end())
      return OutputFormat::kTable;
    known.insert(known.end(), chosen_->more_formats.begin(), chosen_->more_formats.end());
  }
  return tl::unexpected(
      usage_error("unknown output format `" + options_.output + "`", hint_for(options_.output, known)));
}

}  // namespace ipaas::cli
