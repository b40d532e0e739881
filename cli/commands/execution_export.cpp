#include <memory>
#include <ostream>
#include <set>

#include "cli/commands/execution_history.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/output/structured.h"
#include "cli/testing/exported_test.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

struct Flags {
  std::string id;
  bool as_test = false;
};

/// One place a line; a place that occurs for every try is told once.
std::string listed(const std::string& title, const std::vector<std::string>& places) {
  std::string text;
  for (const std::string& place : std::set<std::string>(places.begin(), places.end())) {
    text += (text.empty() ? "# " + title + "\n" : "") + "#   " + escape_control(place) + "\n";
  }
  return text;
}

std::vector<std::string> texts_of(const Json& array) {
  std::vector<std::string> texts;
  for (const Json& text : array) texts.push_back(text.get<std::string>());
  return texts;
}

Outcome export_execution(const Context& context, const Flags& flags) {
  if (!flags.as_test) {
    return fail_with(usage_error("an execution is exported as a test, and nothing else yet", "add --as-test"));
  }
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(api_path("/api/v1/executions", flags.id, "test"));
  if (!answer) return tl::unexpected(answer.error());
  Json test = member_of(answer->data, "test");
  const auto differing = settle_expectations(test, text_of(answer->data, "source"), *catalog);
  if (!differing) return tl::unexpected(differing.error());
  if (context.print.format() == OutputFormat::kJson) {
    context.print.structure(test);
    return ExitCode::kOk;
  }
  const std::string workflow = text_of(items_of(test, "cases").front(), "workflow");
  context.world.out << "# Made of the execution " << escape_control(flags.id) << ". Keep it beside the workflow as "
                    << escape_control(workflow) << ".test.yaml, and run\n#   ipaas workflow test -f "
                    << escape_control(workflow) << ".yaml\n"
                    << listed("Masked, and so not what it was:", texts_of(items_of(answer->data, "masked")))
                    << listed("Other than in the execution, since a test has masked values and a clock of its own:", *differing)
                    << yaml_text(test);
  return ExitCode::kOk;
}

}  // namespace

void add_execution_export(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "export", "Print an execution as a test of its workflow, masked",
                               "ipaas execution export ex_01jd2c --as-test > order-alerts.test.yaml");
  const auto flags = std::make_shared<Flags>();
  takes_reference(command.add_option("ID", flags->id, "The execution's id (ex_…)"), {"execution"})->required()->type_name("");
  command.add_flag("--as-test", flags->as_test, "What started it, what calls were answered, and what came of it");
  line.on(command, {[flags](const Context& context) { return export_execution(context, *flags); }});
}

}  // namespace ipaas::cli
