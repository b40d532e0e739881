// ipaas connector: what workflows can use.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace ipaas::cli {
namespace {

std::string action_names(const Json& connector) {
  std::string names;
  for (const Json& action : items_of(connector, "actions"))
    names += (names.empty() ? "" : ", ") + text_of(action, "name");
  return names;
}

View connectors_view() {
  return {"connector", "name", {field("NAME", "name"), {"ACTIONS", action_names}, field("DESCRIPTION", "description")}};
}

ResultOrErrors<Json> fetch(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  auto answer = client->get("/api/v1/connectors");
  if (!answer) return tl::unexpected(answer.error());
  return std::move(answer->data);
}

Outcome list(const Context& context) {
  const auto connectors = fetch(context);
  if (!connectors) return tl::unexpected(connectors.error());
  context.print.list(connectors_view(), *connectors);
  return ExitCode::kOk;
}

void print_action(const Context& context, const std::string& connector, const Json& action) {
  const Style& style = context.print.style();
  context.world.out << '\n';
  context.print.line(connector + "/" + text_of(action, "name") + "  " + text_of(action, "description"));
  if (const std::string types = joined(items_of(action, "credential_types")); !types.empty()) {
    context.print.line("credential: " + types);
  }
  Table table({"INPUT", "TYPE", "REQUIRED", "DESCRIPTION"});
  for (const Json& input : items_of(action, "inputs")) {
    table.add({text_of(input, "name"), text_of(input, "type"), flag_of(input, "required") ? "yes" : "no",
               text_of(input, "description")});
  }
  context.world.out << table.render(style, context.world.out_is_terminal ? context.world.columns : 0);
}

Outcome get(const Context& context, const std::string& name) {
  const auto connectors = fetch(context);
  if (!connectors) return tl::unexpected(connectors.error());
  for (const Json& connector : *connectors) {
    if (text_of(connector, "name") != name) continue;
    context.print.one(connectors_view(), connector);
    const OutputFormat format = context.print.format();
    if (format != OutputFormat::kTable && format != OutputFormat::kWide) return ExitCode::kOk;
    for (const Json& action : items_of(connector, "actions")) print_action(context, name, action);
    return ExitCode::kOk;
  }
  return fail_with(
      {ErrorKind::kNotFound, "there is no connector `" + name + "`", "see `ipaas connector list`", "not_found"});
}

}  // namespace

void add_connector(CommandLine& line) {
  CLI::App& group = line.add_group("connector", "Show the connectors, their actions and inputs");
  line.on(line.add(group, "list", "All connectors", "ipaas connector list"), {list});
  CLI::App& command = line.add(group, "get", "One connector's actions and their inputs", "ipaas connector get slack");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "The connector's name"), {"connector"})->required()->type_name("");
  line.on(command, {[name](const Context& context) { return get(context, *name); }});
}

}  // namespace ipaas::cli
