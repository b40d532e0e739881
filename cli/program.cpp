#include "cli/program.h"

#include <ostream>

#include "cli/commands/commands.h"
#include "cli/output/printer.h"

namespace ipaas::cli {
namespace {

/// The format that errors of a command line shall have that could not be read: the last word that names one.
OutputFormat guess_format(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool next = (word == "-o" || word == "--output") && i + 1 < arguments.size() && arguments[i + 1] == "json";
    if (next || word == "--output=json" || word == "-ojson") return OutputFormat::kJson;
  }
  return OutputFormat::kTable;
}

ExitCode refuse(const Printer& printer, const Errors& errors, ExitCode failed) {
  printer.report(errors);
  const ExitCode code = exit_code(errors.front());
  return code == ExitCode::kFailed ? failed : code;
}

/// A full disk must not look like success; a reader that has seen enough is no failure.
ExitCode check_output(World& world, const Printer& printer, ExitCode code) {
  world.out.flush();
  if (world.out.good() || world.reader_is_gone()) return code;
  printer.report({{ErrorKind::kUnavailable, "standard output cannot be written", "check the disk it goes to"}});
  return ExitCode::kFailed;
}

}  // namespace

ExitCode run_program(const std::vector<std::string>& arguments, World& world) {
  CommandLine line;
  for (const AddCommand add : all_commands()) add(line);

  const Result<void> parsed = line.parse(arguments);
  const Printer guessed(world, guess_format(arguments), line.options().no_color);
  if (!parsed) return refuse(guessed, {parsed.error()}, ExitCode::kFailed);
  if (!line.help().empty()) {
    world.out << line.help();
    return check_output(world, guessed, ExitCode::kOk);
  }
  const Result<OutputFormat> format = line.output_format();
  if (!format) return refuse(guessed, {format.error()}, ExitCode::kFailed);

  const Printer printer(world, *format, line.options().no_color);
  const Context context{world, line.options(), printer};
  const Outcome outcome = line.chosen().run(context);
  if (!outcome) {
    world.out.flush();
    return refuse(printer, outcome.error(), line.chosen().failed);
  }
  return check_output(world, printer, *outcome);
}

}  // namespace ipaas::cli
