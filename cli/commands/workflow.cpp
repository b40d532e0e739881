// ipaas workflow: what is applied, and whether it runs.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/commands/workflow_graph.h"
#include "cli/commands/workflow_history.h"
#include "cli/commands/workflow_test.h"
#include "cli/output/fields.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kWorkflows = "/api/v1/workflows";

View view_of(Instant now) {
  return {"workflow",
          "name",
          {field("NAME", "name"),
           {"STATE", [](const Json& row) { return std::string(flag_of(row, "enabled") ? "enabled" : "disabled"); }},
           field("VERSION", "version"),
           {"TRIGGERS", [](const Json& row) { return joined(items_of(row, "triggers")); }},
           age_field("CHANGED", "updated_at", now),
           wide_field("SET", "set"),
          wide_field("ID", "id"),
           wide_field("CREATED", "created_at"),
           field("DESCRIPTION", "description")}};
}

Outcome list(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(std::string(kWorkflows));
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(view_of(context.world.clock.now()), answer->data);
  return ExitCode::kOk;
}

void print_details(const Context& context, const Json& workflow) {
  std::ostream& out = context.world.out;
  const auto row = [&](std::string_view title, const std::string& value) {
    if (!value.empty()) out << title << escape_control(value) << '\n';
  };
  row("webhook   ", text_of(workflow, "webhook_path"));
  for (const Json& schedule : items_of(workflow, "schedules")) {
    const std::string next = text_of(schedule, "next_due");
    row("schedule  ", text_of(schedule, "cron") + " (" + text_of(schedule, "timezone") + ")" +
                          (next.empty() ? ", never due again" : ", next " + next));
  }
  row("author    ", text_of(workflow, "author"));
  row("message   ", text_of(workflow, "message"));
  out << '\n' << escape_control(text_of(workflow, "source"), Newlines::kKeep);
}

Outcome get(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(api_path(kWorkflows, name));
  if (!answer) return tl::unexpected(answer.error());
  context.print.one(view_of(context.world.clock.now()), answer->data);
  const OutputFormat format = context.print.format();
  if (format == OutputFormat::kTable || format == OutputFormat::kWide) print_details(context, answer->data);
  return ExitCode::kOk;
}

/// `workflow/NAME done`, or the resource where the format is structured.
void print_done(const Context& context, const std::string& name, const Json& data, std::string_view done) {
  if (context.print.structured()) return context.print.structure(data.is_object() ? data : Json{{"name", name}});
  const bool only_name = context.print.format() == OutputFormat::kName;
  context.print.line("workflow/" + name + (only_name ? "" : " " + std::string(done)));
}

Outcome switch_to(const Context& context, const std::string& name, std::string_view verb) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post(api_path(kWorkflows, name, verb));
  if (!answer) return tl::unexpected(answer.error());
  print_done(context, name, answer->data, std::string(verb) + "d");
  return ExitCode::kOk;
}

Outcome remove(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (const auto sure = context.confirm("delete the workflow " + name); !sure) return fail_with(sure.error());
  const auto answer = client->remove(api_path(kWorkflows, name));
  if (!answer) return tl::unexpected(answer.error());
  print_done(context, name, answer->data, "deleted");
  return ExitCode::kOk;
}

using NamedVerb = std::function<Outcome(const Context&, const std::string& name)>;

void add_named(CommandLine& line, CLI::App& group, const std::string& verb, const std::string& description,
               NamedVerb run) {
  CLI::App& command = line.add(group, verb, description, "ipaas workflow " + verb + " order-alerts");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "The workflow's name"), {"workflow"})->required()->type_name("");
  line.on(command, {[name, run = std::move(run)](const Context& context) { return run(context, *name); }});
}

}  // namespace

void add_workflow(CommandLine& line) {
  CLI::App& group = line.add_group("workflow", "Show, draw and test workflows, switch them on and off, delete them");
  line.on(line.add(group, "list", "All workflows", "ipaas workflow list -o wide"), {list});
  add_named(line, group, "get", "One workflow with its triggers and its source", get);
  add_workflow_history(line, group);
  add_workflow_graph(line, group);
  add_named(line, group, "enable", "Let its triggers start executions",
            [](const Context& context, const std::string& name) { return switch_to(context, name, "enable"); });
  add_named(line, group, "disable", "Keep its triggers from starting executions",
            [](const Context& context, const std::string& name) { return switch_to(context, name, "disable"); });
  add_named(line, group, "delete", "Delete a workflow and its webhook", remove);
  add_workflow_test(line, group);
}

}  // namespace ipaas::cli
