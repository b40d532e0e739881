// ipaas apply: create or update workflows, all of them or none.
#include <memory>

#include "cli/ci_message.h"
#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/output/fields.h"
#include "cli/workflow_files.h"
#include "cli/workflow_warnings.h"

namespace ipaas::cli {
namespace {

struct Flags {
  FileFlags files;
  bool dry_run = false;
  std::string message;
};

Json request_of(const World& world, const std::vector<WorkflowDocument>& documents, const Flags& flags) {
  Json request;
  request["documents"] = Json::array();
  for (const WorkflowDocument& document : documents) {
    Json entry;
    entry["file"] = document.file;
    entry["source"] = document.workflow->source;
    request["documents"].push_back(std::move(entry));
  }
  request["message"] = flags.message.empty() ? ci_message(world) : flags.message;
  request["dry_run"] = flags.dry_run;
  return request;
}

Outcome apply(const Context& context, const Flags& flags) {
  const auto documents = load_workflows(context.world, flags.files.paths, flags.files.recursive);
  if (!documents) return refuse_files(context, flags.files, documents.error());
  context.print.warn(warnings_of(*documents));
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post("/api/v1/workflows/apply", request_of(context.world, *documents, flags));
  if (!answer) return refuse_files(context, flags.files, answer.error());
  context.print.list(
      {"workflow",
       "name",
       {field("NAME", "name"), field("ACTION", "action"), field("VERSION", "version"), wide_field("ID", "id")}},
      answer->data);
  if (flags.dry_run) context.print.note("dry run: nothing was changed");
  return ExitCode::kOk;
}

}  // namespace

void add_apply(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "apply", "Create or update workflows, all or nothing",
                               "ipaas apply -f workflows/ -R -m \"alert on large orders\"");
  const auto flags = std::make_shared<Flags>();
  add_file_flags(command, flags->files);
  command.add_flag("--dry-run", flags->dry_run, "Check with the daemon and say what would change");
  command.add_option("-m,--message", flags->message, "Why, for the history (in CI: the commit and the run's address)")
      ->type_name("TEXT");
  line.on(command, {[flags](const Context& context) { return apply(context, *flags); }});
}

}  // namespace ipaas::cli
