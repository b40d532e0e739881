// ipaas validate: check workflows without a daemon.
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/workflow_warnings.h"

namespace ipaas::cli {
namespace {

Json rows_of(const std::vector<WorkflowDocument>& documents) {
  Json rows = Json::array();
  for (const WorkflowDocument& document : documents) {
    Json row;
    row["name"] = document.workflow->name;
    row["file"] = document.file;
    row["steps"] = language::all_steps(*document.workflow).size();
    row["valid"] = true;
    rows.push_back(std::move(row));
  }
  return rows;
}

Outcome validate(const Context& context, const FileFlags& flags) {
  const auto documents = workflows_of(context, flags);
  if (!documents) return documents.error();
  context.print.list({"workflow",
                      "name",
                      {field("NAME", "name"), field("STEPS", "steps"), field("VALID", "valid"), field("FILE", "file")}},
                     rows_of(*documents));
  return ExitCode::kOk;
}

}  // namespace

void add_validate(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "validate", "Check workflows offline, with the position of every error",
                               "ipaas validate -f workflows/ -R --format github");
  const auto flags = std::make_shared<FileFlags>();
  add_file_flags(command, *flags);
  line.on(command, {[flags](const Context& context) { return validate(context, *flags); }});
}

}  // namespace ipaas::cli
