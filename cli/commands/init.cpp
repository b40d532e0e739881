// ipaas init: a first workflow, with a test.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <istream>
#include <memory>
#include <ostream>

#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/starter/starter.h"
#include "core/base/shell_text.h"
#include "core/connectors/catalog.h"
#include "core/language/formatter/formatter.h"
#include "core/language/schema.h"
#include "core/language/workflow_name.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string directory = ".";
  std::string name = "hello";
  std::string trigger;
  std::string action;
};

struct NewFile {
  fs::path path;
  std::string text;
};

Words names_of(const std::vector<StarterOption>& options) {
  Words names;
  for (const StarterOption& option : options) names.emplace_back(option.name);
  return names;
}

/// Asks until the answer is one of the options; an empty one is the first.
Result<std::string> ask(const World& world, std::string_view question, const std::vector<StarterOption>& options) {
  const Words names = names_of(options);
  world.err << question << '\n';
  for (const StarterOption& option : options) {
    std::string name = "  " + std::string(option.name);
    name.resize(12, ' ');
    world.err << name << option.description << '\n';
  }
  while (true) {
    world.err << '[' << names.front() << "] " << std::flush;
    std::string answer;
    if (!std::getline(world.in, answer)) {
      return fail(ErrorKind::kInvalid, "the input ended before the question was answered",
                  "use --trigger and --action");
    }
    const std::size_t end = answer.find_last_not_of(" \t\r");
    answer.resize(end == std::string::npos ? 0 : end + 1);
    if (answer.empty()) return names.front();
    if (std::ranges::find(names, answer) != names.end()) return answer;
    world.err << hint_for(answer, names) << '\n';
  }
}

/// Asks for what no flag says, where there is somebody to ask.
Result<void> complete(const Context& context, Flags& flags) {
  struct Question {
    std::string& answer;
    std::string_view text;
    const std::vector<StarterOption>& options;
  };
  for (const Question& question : {Question{flags.trigger, "What starts it?", starter_triggers()},
                                   Question{flags.action, "What does it do?", starter_actions()}}) {
    if (!question.answer.empty()) continue;
    if (!context.world.in_is_terminal) {
      question.answer = question.options.front().name;
      continue;
    }
    Result<std::string> answer = ask(context.world, question.text, question.options);
    if (!answer) return tl::unexpected(answer.error());
    question.answer = *std::move(answer);
  }
  return {};
}

Error cannot_write(const fs::path& path, const std::string& reason) {
  return {ErrorKind::kInvalid, path.string() + " cannot be written: " + reason,
          "check the directory and its permissions"};
}

/// Nothing that is there is ever overwritten, also not by two at the same time.
Result<void> create(const NewFile& file) {
  errno = 0;
  std::FILE* const out = std::fopen(file.path.c_str(), "wx");
  if (out == nullptr) return tl::unexpected(cannot_write(file.path, std::strerror(errno)));
  const bool written = std::fwrite(file.text.data(), 1, file.text.size(), out) == file.text.size();
  const bool closed = std::fclose(out) == 0;
  if (written && closed) return {};
  Error error = cannot_write(file.path, std::strerror(errno));
  std::error_code ignored;
  fs::remove(file.path, ignored);
  return tl::unexpected(std::move(error));
}

Result<void> create_all(const fs::path& directory, const std::vector<NewFile>& files) {
  for (const NewFile& file : files) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file.path, ignored))) continue;
    return fail(ErrorKind::kConflict, file.path.string() + " is there already", "give another --name or directory");
  }
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) return tl::unexpected(cannot_write(directory, failed.message()));
  for (auto file = files.begin(); file != files.end(); ++file) {
    auto created = create(*file);
    if (created) continue;
    for (auto half = files.begin(); half != file; ++half) fs::remove(half->path, failed);
    return created;
  }
  return {};
}

/// What the first line of a workflow points editors to. One that is there may be of another version, and stays.
Result<void> write_schema(const fs::path& directory, const language::ActionCatalog& catalog) {
  const NewFile schema{directory / "workflow.schema.json", language::workflow_schema(catalog).dump(2) + "\n"};
  std::error_code ignored;
  return fs::exists(fs::symlink_status(schema.path, ignored)) ? Result<void>() : create(schema);
}

Json told(const std::vector<NewFile>& files, const Starter& starter) {
  const std::string path = shell_word(files.front().path.string());
  Json result;
  result["files"] = Json::array();
  for (const NewFile& file : files) result["files"].push_back(file.path.string());
  result["next"] = Json::array({"ipaas workflow test -f " + path});
  for (const std::string& command : starter.credentials) result["next"].push_back(command);
  result["next"].push_back("ipaas apply -f " + path);
  result["next"].push_back(starter.start);
  return result;
}

Outcome init(const Context& context, Flags flags) {
  if (!language::is_workflow_name(flags.name)) {
    return fail_with(usage_error("`" + flags.name + "` cannot be the name of a workflow",
                                 "use a-z, 0-9 and -, up to 63, and do not begin with -"));
  }
  if (const auto completed = complete(context, flags); !completed) return fail_with(completed.error());
  Starter starter = make_starter(flags.name, flags.trigger, flags.action);
  for (std::string* text : {&starter.workflow, &starter.test}) {
    auto formatted = language::format_yaml(*text);
    if (!formatted) return tl::unexpected(formatted.error());
    *text = *std::move(formatted);
  }
  const fs::path directory = fs::path(flags.directory).lexically_normal();
  const std::vector<NewFile> files = {{directory / (flags.name + ".yaml"), starter.workflow},
                                      {directory / (flags.name + ".test.yaml"), starter.test}};
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  if (const auto created = create_all(directory, files); !created) return fail_with(created.error());
  if (const auto written = write_schema(directory, *catalog); !written) return fail_with(written.error());

  const Json result = told(files, starter);
  if (context.print.structured()) {
    context.print.structure(result);
    return ExitCode::kOk;
  }
  const bool only_name = context.print.format() == OutputFormat::kName;
  for (const Json& file : result["files"]) context.print.line((only_name ? "" : "created ") + file.get<std::string>());
  if (only_name) return ExitCode::kOk;
  context.print.line("");
  context.print.line("next:");
  for (const Json& command : result["next"]) context.print.line("  " + command.get<std::string>());
  return ExitCode::kOk;
}

}  // namespace

void add_init(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "init", "Write a first workflow, and a test that passes",
                               "ipaas init workflows --trigger webhook --action slack --name order-alerts");
  const auto flags = std::make_shared<Flags>();
  command.add_option("DIR", flags->directory, "Where to; the present directory by default")->type_name("");
  command.add_option("--trigger", flags->trigger, "What starts it: manual, schedule or webhook")
      ->check(one_of(names_of(starter_triggers())))
      ->type_name("KIND");
  command.add_option("--action", flags->action, "What it does: log, http or slack")
      ->check(one_of(names_of(starter_actions())))
      ->type_name("KIND");
  command.add_option("--name", flags->name, "The workflow's name; hello by default")->type_name("NAME");
  line.on(command, {[flags](const Context& context) { return init(context, *flags); }});
}

}  // namespace ipaas::cli
