#include "cli/commands/file_flags.h"

#include <ostream>

#include "cli/commands/choices.h"

namespace ipaas::cli {

void add_file_flags(CLI::App& command, FileFlags& flags) {
  command.add_option("-f,--file", flags.paths, "A file, a directory of *.yaml and *.yml, or - for standard input")
      ->required()
      ->type_name("PATH…");
  command.add_flag("-R,--recursive", flags.recursive, "Look into all directories below, too");
  command.add_option("--format", flags.format, "How errors are written: text, or github for annotations in CI")
      ->check(one_of(error_formats()))
      ->type_name("FORMAT");
}

Outcome refuse_files(const Context& context, const FileFlags& flags, const Errors& errors) {
  if (flags.format != "github") return tl::unexpected(errors);
  for (const Error& error : errors) context.world.out << github_annotation(error) << '\n';
  return exit_code(errors.front());
}

}  // namespace ipaas::cli
