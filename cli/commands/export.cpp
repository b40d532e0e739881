// ipaas export: live workflows as YAML that applies back unchanged.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/input.h"
#include "cli/output_file.h"
#include "cli/output/fields.h"
#include "core/base/terminal_text.h"
#include "core/language/document_text.h"

namespace ipaas::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWorkflows = "/api/v1/workflows";

struct Flags {
  std::optional<std::string> directory;
  std::vector<std::string> names;
};

struct Exported {
  std::string name;
  Json version;
  std::string text;
};

/// What a daemon calls a workflow becomes the name of a file.
bool is_file_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !name.empty() && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

ResultOrErrors<std::vector<std::string>> names_of(const Client& client, const Flags& flags) {
  std::vector<std::string> names = flags.names;
  if (names.empty()) {
    const auto answer = client.get(std::string(kWorkflows));
    if (!answer) return tl::unexpected(answer.error());
    for (const Json& row : answer->data) names.push_back(text_of(row, "name"));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ResultOrErrors<std::vector<Exported>> fetch(const Client& client, const Flags& flags) {
  const auto names = names_of(client, flags);
  if (!names) return tl::unexpected(names.error());
  std::vector<Exported> exported;
  Errors errors;
  for (const std::string& name : *names) {
    const auto answer = client.get(api_path(kWorkflows, name));
    if (!answer) {
      errors.insert(errors.end(), answer.error().begin(), answer.error().end());
      continue;
    }
    exported.push_back({text_of(answer->data, "name"), member_of(answer->data, "version"),
                        language::document_text(text_of(answer->data, "source"))});
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return exported;
}

// ---- to standard output ---------------------------------------------------------------------------------------------

Outcome print_stream(const Context& context, const std::vector<Exported>& exported) {
  std::vector<std::string> texts;
  for (const Exported& one : exported) texts.push_back(one.text);
  const language::DocumentStream stream = language::join_documents(texts);
  if (stream.unfit) {
    return fail_with({ErrorKind::kInvalid,
                      "these workflows do not fit into one text from " + exported[*stream.unfit].name +
                          " on: it holds at most 1 MiB and 500 of them",
                      "write a file for each with -d DIR, or export fewer by their names", "unfit_stream"});
  }
  World& world = context.world;
  world.out << (world.out_is_terminal ? escape_control(stream.text, Newlines::kKeep) : stream.text);
  return ExitCode::kOk;
}

Outcome print_rows(const Context& context, const std::vector<Exported>& exported) {
  Json rows = Json::array();
  for (const Exported& one : exported) {
    rows.push_back({{"name", one.name}, {"version", one.version}, {"source", one.text}});
  }
  context.print.list({"workflow", "name", {}}, rows);
  return ExitCode::kOk;
}

// ---- to a directory -------------------------------------------------------------------------------------------------

struct Target {
  const Exported* workflow;
  fs::path path;
  std::string action;  ///< created, replaced or unchanged
};

Result<std::string> action_for(const Context& context, const Exported& workflow, const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return "created";
  // A link to nowhere; what is no file at all is refused when it is written.
  if (!fs::is_regular_file(path, error)) return "replaced";
  const auto text = read_input(context.world, path.string());
  if (!text) return tl::unexpected(text.error());
  return language::document_text(*text) == workflow.text ? "unchanged" : "replaced";
}

/// NAME.yaml, or NAME.yml where that is the file there is: a second one would make the name occur twice.
fs::path path_of(const fs::path& directory, const std::string& name) {
  std::error_code ignored;
  fs::path usual = directory / (name + ".yaml");
  fs::path other = directory / (name + ".yml");
  return !fs::exists(usual, ignored) && fs::is_regular_file(other, ignored) ? other : usual;
}

ResultOrErrors<std::vector<Target>> targets_of(const Context& context, const std::vector<Exported>& exported,
                                               const fs::path& directory) {
  std::vector<Target> targets;
  Errors errors;
  for (const Exported& workflow : exported) {
    if (!is_file_name(workflow.name)) {
      errors.push_back({ErrorKind::kInvalid, "the workflow's name `" + workflow.name + "` cannot name a file",
                        "is this the daemon that you mean?", "bad_name"});
      continue;
    }
    fs::path path = path_of(directory, workflow.name);
    const auto action = action_for(context, workflow, path);
    if (!action) {
      errors.push_back(action.error());
      continue;
    }
    targets.push_back({&workflow, std::move(path), *action});
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return targets;
}

/// Lists the files that would be lost, and asks.
Result<void> confirm_replacing(const Context& context, const std::vector<Target>& targets) {
  std::size_t replaced = 0;
  for (const Target& target : targets) {
    if (target.action != "replaced") continue;
    ++replaced;
    context.print.note(target.path.string() + " differs from the live workflow");
  }
  if (replaced == 0) return {};
  return context.confirm("replace " + std::to_string(replaced) + (replaced == 1 ? " file" : " files"));
}

Outcome write_files(const Context& context, const std::vector<Exported>& exported, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error || !fs::is_directory(directory)) {
    Error refusal{ErrorKind::kInvalid, "is no directory and cannot be made one", "name another", "unwritable_output"};
    refusal.file = directory.string();
    return fail_with(std::move(refusal));
  }
  const auto targets = targets_of(context, exported, directory);
  if (!targets) return tl::unexpected(targets.error());
  if (const auto sure = confirm_replacing(context, *targets); !sure) return fail_with(sure.error());
  Json rows = Json::array();
  for (const Target& target : *targets) {
    if (target.action != "unchanged") {
      if (const auto written = write_file(target.path, target.workflow->text); !written)
        return fail_with(written.error());
    }
    rows.push_back({{"name", target.workflow->name},
                    {"action", target.action},
                    {"version", target.workflow->version},
                    {"file", target.path.string()}});
  }
  context.print.list(
      {"workflow",
       "name",
       {field("NAME", "name"), field("ACTION", "action"), field("VERSION", "version"), field("FILE", "file")}},
      rows);
  return ExitCode::kOk;
}

Outcome run(const Context& context, const Flags& flags) {
  if (flags.directory && flags.directory->empty()) {
    return fail_with(usage_error("-d has no directory", "is a variable of the script empty?"));
  }
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto exported = fetch(*client, flags);
  if (!exported) return tl::unexpected(exported.error());
  if (flags.directory) return write_files(context, *exported, *flags.directory);
  const OutputFormat format = context.print.format();
  // The resource is YAML by itself.
  if (format == OutputFormat::kJson || format == OutputFormat::kName) return print_rows(context, *exported);
  if (exported->empty()) context.print.note("no workflow found");
  return print_stream(context, *exported);
}

}  // namespace

void add_export(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "export", "Write live workflows as YAML that applies back unchanged",
                               "ipaas export -d workflows/");
  const auto flags = std::make_shared<Flags>();
  command
      .add_option("-d,--directory", flags->directory, "One file NAME.yaml each, instead of one text on standard output")
      ->type_name("DIR");
  takes_reference(command.add_option("NAME", flags->names, "Only these workflows"), {"workflow"})->type_name("");
  line.on(command, {[flags](const Context& context) { return run(context, *flags); }});
}

}  // namespace ipaas::cli
