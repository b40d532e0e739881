// ipaas schema: the JSON Schema of workflows, for editors.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "core/connectors/catalog.h"
#include "core/language/schema.h"
#include "core/language/suggest.h"

namespace ipaas::cli {
namespace {

Outcome schema(const Context& context, const std::string& connector) {
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  const Json made = connector.empty() ? language::workflow_schema(*catalog) : language::connector_schema(*catalog, connector);
  if (made.is_null()) {
    std::string hint = language::did_you_mean(connector, catalog->connectors());
    if (hint.empty()) hint = "`ipaas connector list` shows those there are";
    return fail_with(Error{ErrorKind::kNotFound, "there is no connector `" + connector + "`", std::move(hint), "not_found"});
  }
  if (context.print.structured()) {
    context.print.structure(made);
  } else {
    context.world.out << made.dump(2) << '\n';
  }
  return ExitCode::kOk;
}

}  // namespace

void add_schema(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "schema", "Print the JSON Schema (draft-07) of workflows, or of a connector's actions; offline",
                               "ipaas schema > workflow.schema.json");
  const auto connector = std::make_shared<std::string>();
  command.add_option("CONNECTOR", *connector, "Only the inputs of this connector's actions");
  line.on(command, {[connector](const Context& context) { return schema(context, *connector); }});
}

}  // namespace ipaas::cli
