#include "cli/output_file.h"
#include "cli/commands/workflow_test.h"

#include <fstream>
#include <memory>
#include <ostream>

#include "cli/commands/file_flags.h"
#include "cli/testing/test_report.h"
#include "core/engine/testing/test_keys.h"

namespace ipaas::cli {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(250);
constexpr std::size_t kKeyColumn = 18;

struct Flags {
  FileFlags files;
  std::string junit;
  std::string name;
  bool watch = false;
  bool verbose = false;
};

Result<void> write_junit(const std::string& path, const TestRun& run) {
  return write_file(path, junit_xml(run));
}

void print_run(const Context& context, const Flags& flags, const TestRun& run) {
  context.print.warn(run.warnings);
  const OutputFormat format = context.print.format();
  if (context.print.structured()) {
    context.print.structure(test_json(run));
  } else if (format == OutputFormat::kName) {
    for (const Json& row : test_json(run)) context.print.line("test/" + row["name"].get<std::string>());
  } else {
    const Style& style = context.print.style();
    context.world.out << test_text(run, style, flags.verbose) << test_summary(run, style) << '\n';
  }
  Errors errors = run.errors();
  if (flags.files.format != "github" || context.print.structured()) return context.print.report(errors);
  for (const Errors& list : {errors, test_failures(run)}) {
    for (const Error& error : list) context.world.out << github_annotation(error) << '\n';
  }
}

Outcome report(const Context& context, const Flags& flags, const TestRun& run) {
  print_run(context, flags, run);
  if (!flags.junit.empty()) {
    if (const auto written = write_junit(flags.junit, run); !written) return fail_with(written.error());
  }
  if (!run.errors().empty()) return ExitCode::kInvalid;
  return run.failed() > 0 ? ExitCode::kFailed : ExitCode::kOk;
}

/// Until the program is interrupted, or nobody reads any more.
Outcome watch(const Context& context, const Flags& flags, const TestChoice& choice) {
  const World& world = context.world;
  while (true) {
    SeenFiles seen;
    const auto run = run_tests(world, choice, seen);
    // A path that is wrong now may be right after the next change.
    const Outcome outcome = run ? report(context, flags, *run) : refuse_files(context, flags.files, run.error());
    if (!outcome) context.print.report(outcome.error());
    context.print.note("waiting for a change; Ctrl-C ends");
    world.out.flush();
    while (!has_changed(choice, seen)) {
      if (world.reader_is_gone()) return outcome;
      world.pause(kPoll);
    }
  }
}

Outcome test(const Context& context, const Flags& flags) {
  const TestChoice choice{flags.files.paths, flags.files.recursive, flags.name};
  if (flags.watch) return watch(context, flags, choice);
  SeenFiles seen;
  const auto run = run_tests(context.world, choice, seen);
  if (!run) return refuse_files(context, flags.files, run.error());
  return report(context, flags, *run);
}

std::string keys_text(const std::string& title, const language::KeyTable& table) {
  std::string text = title + '\n';
  for (const language::KeyRule& rule : table.rules) {
    std::string key = "  " + std::string(rule.name);
    key.resize(std::max(kKeyColumn, key.size() + 2), ' ');
    text += key + std::string(rule.description) + '\n';
  }
  return text;
}

/// The format of test files, from the tables that read them.
std::string format_text() {
  using namespace engine::testing;
  return "\n\nA test file lies beside its workflow: orders.yaml is tested by orders.test.yaml.\n\n"
         "  cases:\n"
         "    - name: a large order is told\n"
         "      event:\n"
         "        body: { total: 1200 }\n"
         "      mocks:\n"
         "        tell: { outputs: { ts: \"1.2\" } }\n"
         "      expect:\n"
         "        status: succeeded\n"
         "        calls:\n"
         "          - step: tell\n"
         "            with: { channel: \"#ops\" }\n\n" +
         keys_text("A file:", file_keys()) + keys_text("A case:", case_keys()) + keys_text("event:", event_keys()) +
         keys_text("mocks.STEP, or a list with one of these for each try:", mock_keys()) +
         keys_text("mocks.STEP.reply:", mock_reply_keys()) + keys_text("mocks.STEP.error:", mock_error_keys()) +
         keys_text("expect:", expect_keys()) + keys_text("expect.steps.STEP:", expected_step_keys()) +
         keys_text("expect.calls[]:", expected_call_keys()) +
         "Objects are compared by the members that are written; lists and all else are equal.";
}

}  // namespace

void add_workflow_test(CommandLine& line, CLI::App& workflow) {
  CLI::App& command = line.add(workflow, "test", "Run workflows in memory against the cases beside them",
                               "ipaas workflow test -f workflows/ -R --junit report.xml");
  const auto flags = std::make_shared<Flags>();
  add_path_flags(command, flags->files);
  command.get_option("--file")->description("A test, a workflow that has one beside it, or a directory of them");
  command.add_option("--junit", flags->junit, "Also write the result as JUnit XML")->type_name("FILE");
  command.add_option("-k,--filter", flags->name, "Only cases with this text in their name")->type_name("TEXT");
  command.add_flag("--watch", flags->watch, "Run again whenever one of the files changes");
  command.add_flag("-v,--verbose", flags->verbose, "Show the log of every case");
  command.footer("Example:\n  ipaas workflow test -f workflows/ -R --junit report.xml" + format_text());
  line.on(command, {[flags](const Context& context) { return test(context, *flags); }});
}

}  // namespace ipaas::cli
