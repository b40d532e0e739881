#include "cli/commands/file_flags.h"

#include <ostream>

#include "cli/commands/choices.h"
#include "cli/workflow_warnings.h"

namespace ipaas::cli {

void add_path_flags(CLI::App& command, FileFlags& flags) {
  command.add_option("-f,--file", flags.paths, "A file, a directory of *.yaml and *.yml, or - for standard input")
      ->required()
      ->type_name("PATH…");
  command.add_flag("-R,--recursive", flags.recursive, "Look into all directories below, too");
  command.add_option("--format", flags.format, "How errors are written: text, or github for annotations in CI")
      ->check(one_of(error_formats()))
      ->type_name("FORMAT");
}

void add_file_flags(CLI::App& command, FileFlags& flags) {
  add_path_flags(command, flags);
  command.add_flag("--strict", flags.strict, "Warnings are errors");
}

Outcome refuse_files(const Context& context, const FileFlags& flags, const Errors& errors) {
  if (flags.format != "github") return tl::unexpected(errors);
  for (const Error& error : errors) context.world.out << github_annotation(error) << '\n';
  return exit_code(errors.front());
}

tl::expected<void, Outcome> warn_of(const Context& context, const FileFlags& flags, const Errors& warnings) {
  if (flags.strict && !warnings.empty()) return tl::unexpected(refuse_files(context, flags, warnings));
  if (flags.format != "github") {
    context.print.warn(warnings);
    return {};
  }
  // Not among the data; GitHub reads both streams.
  for (const Error& warning : warnings) context.print.note(github_annotation(warning, Severity::kWarning));
  return {};
}

tl::expected<std::vector<WorkflowDocument>, Outcome> workflows_of(const Context& context, const FileFlags& flags) {
  auto documents = load_workflows(context.world, flags.paths, flags.recursive);
  if (!documents) return tl::unexpected(refuse_files(context, flags, documents.error()));
  if (auto warned = warn_of(context, flags, warnings_of(*documents)); !warned) return tl::unexpected(warned.error());
  return *std::move(documents);
}

}  // namespace ipaas::cli
