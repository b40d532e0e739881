// ipaas workflow graph: a workflow as a drawing.
#include "cli/commands/workflow_graph.h"

#include <memory>
#include <ostream>

#include "cli/commands/choices.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/workflow_files.h"
#include "core/connectors/catalog.h"
#include "core/language/graph/graph.h"
#include "core/language/workflow_parser.h"

namespace ipaas::cli {
namespace {

struct Flags {
  std::string name;
  std::vector<std::string> paths;
  bool recursive = false;
  std::string format = "text";
};

using Workflows = std::vector<language::WorkflowPtr>;

ResultOrErrors<Workflows> live_workflow(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(api_path("/api/v1/workflows", name));
  if (!answer) return tl::unexpected(answer.error());
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  return language::parse_workflows(text_of(answer->data, "source"), name, *catalog);
}

ResultOrErrors<Workflows> workflows_in(const Context& context, const Flags& flags) {
  const auto documents = load_workflows(context.world, flags.paths, flags.recursive);
  if (!documents) return tl::unexpected(documents.error());
  Workflows workflows;
  for (const WorkflowDocument& document : *documents) workflows.push_back(document.workflow);
  return workflows;
}

Outcome graph(const Context& context, const Flags& flags) {
  if (flags.name.empty() == flags.paths.empty()) {
    return fail_with(usage_error("name one workflow, or files with -f",
                                 "`ipaas workflow graph NAME` draws what the daemon has, `-f FILE` what is in a file"));
  }
  const auto workflows = flags.paths.empty() ? live_workflow(context, flags.name) : workflows_in(context, flags);
  if (!workflows) return tl::unexpected(workflows.error());
  const auto draw = flags.format == "mermaid" ? language::draw_mermaid : language::draw_text;
  Json drawings = Json::array();
  for (const language::WorkflowPtr& workflow : *workflows) {
    drawings.push_back(Json{{"name", workflow->name}, {"format", flags.format}, {"graph", draw(*workflow)}});
  }
  if (context.print.structured()) {
    context.print.structure(flags.paths.empty() ? drawings.front() : drawings);
    return ExitCode::kOk;
  }
  std::string_view before;
  for (const Json& drawing : drawings) {
    context.world.out << before << text_of(drawing, "graph");
    before = "\n";
  }
  return ExitCode::kOk;
}

}  // namespace

void add_workflow_graph(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "graph", "Draw a workflow: what starts it, its branches, loops and parallel lanes",
                               "ipaas workflow graph -f order-alerts.yaml --format mermaid");
  const auto flags = std::make_shared<Flags>();
  takes_reference(command.add_option("NAME", flags->name, "A workflow that the daemon has"), {"workflow"})->type_name("");
  command.add_option("-f,--file", flags->paths, "Files or directories, or - for standard input; offline")->type_name("PATH");
  command.add_flag("-R,--recursive", flags->recursive, "Take directories with all levels");
  command.add_option("--format", flags->format, "text or mermaid")
      ->check(one_of({"text", "mermaid"}))
      ->type_name("FORMAT");
  line.on(command, {[flags](const Context& context) { return graph(context, *flags); }});
}

}  // namespace ipaas::cli
