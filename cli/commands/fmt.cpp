// ipaas fmt: workflows in one canonical way of writing.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/input.h"
#include "cli/output_file.h"
#include "cli/yaml_files.h"
#include "core/language/formatter/formatter.h"

namespace ipaas::cli {
namespace {

constexpr const char* kStandardInput = "-";

struct Flags {
  FileFlags files;
  bool check = false;
};

struct FormattedFile {
  std::string path;
  std::string text;
  bool changed = false;
};

/// Reads all files before the first is written: with an error in one of them, all stay as they are.
ResultOrErrors<std::vector<FormattedFile>> format_all(const World& world, const std::vector<std::string>& paths) {
  std::vector<FormattedFile> files;
  Errors errors;
  for (const std::string& path : paths) {
    const Result<std::string> before = read_input(world, path);
    if (!before) {
      errors.push_back(before.error());
      continue;
    }
    auto after = language::format_yaml(*before);
    if (after) {
      files.push_back({path, std::move(*after), false});
      files.back().changed = files.back().text != *before;
      continue;
    }
    for (Error& error : after.error()) {
      error.file = display_name(path);
      errors.push_back(std::move(error));
    }
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return files;
}

void print_changed(const Context& context, const std::vector<FormattedFile>& files) {
  Json rows = Json::array();
  for (const FormattedFile& file : files) {
    Json row;
    row["file"] = display_name(file.path);
    row["changed"] = file.changed;
    rows.push_back(std::move(row));
    if (file.changed && !context.print.structured()) context.print.line(display_name(file.path));
  }
  if (context.print.structured()) context.print.structure(rows);
}

Outcome check(const Context& context, const Flags& flags, const std::vector<FormattedFile>& files) {
  const bool differs = std::ranges::any_of(files, &FormattedFile::changed);
  if (flags.files.format != "github") {
    print_changed(context, files);
    return differs ? ExitCode::kFailed : ExitCode::kOk;
  }
  for (const FormattedFile& file : files) {
    if (!file.changed) continue;
    Error error{ErrorKind::kInvalid, "is not formatted", "run `ipaas fmt -f " + file.path + "`", "not_formatted"};
    error.file = display_name(file.path);
    error.position = {1, 1};
    context.world.out << github_annotation(error) << '\n';
  }
  return differs ? ExitCode::kFailed : ExitCode::kOk;
}

Outcome write(const Context& context, const std::vector<FormattedFile>& files) {
  for (const FormattedFile& file : files) {
    if (!file.changed) continue;
    if (auto written = replace_file(file.path, file.text); !written) return fail_with(written.error());
  }
  print_changed(context, files);
  return ExitCode::kOk;
}

Outcome fmt(const Context& context, const Flags& flags) {
  const auto paths = files_named(flags.files.paths, flags.files.recursive, TestFiles::kTaken);
  if (!paths) return refuse_files(context, flags.files, paths.error());
  const bool piped = std::ranges::find(*paths, kStandardInput) != paths->end();
  if (piped && paths->size() > 1) {
    return fail_with(
        usage_error("standard input is formatted to standard output, by itself", "leave out the other paths"));
  }
  const auto files = format_all(context.world, *paths);
  if (!files) return refuse_files(context, flags.files, files.error());
  if (flags.check) return check(context, flags, *files);
  if (!piped) return write(context, *files);
  context.world.out << files->front().text;
  return ExitCode::kOk;
}

}  // namespace

void add_fmt(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "fmt", "Write workflows in one canonical way, comments kept; offline",
                               "ipaas fmt -f workflows/ -R --check");
  const auto flags = std::make_shared<Flags>();
  add_path_flags(command, flags->files);
  command.add_flag("--check", flags->check, "Write nothing; list what would change and exit 1 if there is any");
  line.on(command, {[flags](const Context& context) { return fmt(context, *flags); }});
}

}  // namespace ipaas::cli
