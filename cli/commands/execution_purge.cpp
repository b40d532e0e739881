#include <memory>

#include "cli/commands/execution_history.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/time_flag.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

struct Flags {
  std::string older_than;
  std::string workflow;
};

Outcome purge(const Context& context, const Flags& flags) {
  const auto before = past_instant("--older-than", flags.older_than, context.world.clock.now());
  if (!before) return fail_with(before.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const std::string whose = flags.workflow.empty() ? "all executions" : "the executions of " + flags.workflow;
  if (const auto sure = context.confirm("delete " + whose + " that ended before " + format_instant(*before)); !sure) {
    return fail_with(sure.error());
  }
  Json request = {{"ended_before", format_instant(*before)}};
  if (!flags.workflow.empty()) request["workflow"] = flags.workflow;
  std::int64_t purged = 0;
  bool more = true;
  while (more) {
    const auto answer = client->post("/api/v1/executions/purge", request);
    if (!answer) {
      if (purged > 0) context.print.note(std::to_string(purged) + " were deleted before that");
      return tl::unexpected(answer.error());
    }
    purged += number_of(answer->data, "purged");
    more = flag_of(answer->data, "more");
  }
  if (context.print.structured()) {
    context.print.structure(Json{{"purged", purged}});
  } else {
    context.print.line(std::to_string(purged) + (purged == 1 ? " execution" : " executions") + " purged");
  }
  return ExitCode::kOk;
}

}  // namespace

void add_execution_purge(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "purge", "Delete ended executions with their logs and events, for good",
                               "ipaas execution purge --older-than 30d -w order-alerts");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--older-than", flags->older_than, "Those that ended longer ago than this, or before an instant")
      ->required()
      ->type_name("TIME");
  takes_reference(command.add_option("-w,--workflow", flags->workflow, "Only this workflow's"), {"workflow"})->type_name("NAME");
  line.on(command, {[flags](const Context& context) { return purge(context, *flags); }});
}

}  // namespace ipaas::cli
