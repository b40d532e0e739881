// ipaas execution: what has run, runs and will run.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/commands/execution_care.h"
#include "cli/commands/execution_history.h"
#include "cli/commands/execution_signal.h"
#include "cli/commands/known_workflow.h"
#include "cli/commands/reference.h"
#include "cli/commands/watch.h"
#include "cli/output/execution_text.h"
#include "cli/output/fields.h"
#include "core/base/id_text.h"
#include "core/base/ids.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kExecutions = "/api/v1/executions";
constexpr std::size_t kPage = 100;

struct ListFlags {
  std::string workflow;
  std::string status;
  std::size_t limit = 50;
  std::string before;
  bool dead_letters = false;
};

Outcome list(const Context& context, const ListFlags& flags) {
  if (!flags.before.empty() && !is_id(flags.before, kIdPrefix<ExecutionId>)) {
    return fail_with(usage_error("--before is not the id of an execution", "write the last id of the page before, ex_ and 26 characters"));
  }
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json rows = Json::array();
  std::string cursor = flags.before;
  do {
    const std::size_t wanted = std::min(kPage, flags.limit - rows.size());
    const auto page = client->get(std::string(kExecutions), {{"workflow", flags.workflow},
                                                             {"status", flags.status},
                                                             {"dead_letter", flags.dead_letters ? "true" : ""},
                                                             {"limit", std::to_string(wanted)},
                                                             {"before", cursor}});
    if (!page) return tl::unexpected(page.error());
    for (const Json& row : page->data) rows.push_back(row);
    cursor = page->data.empty() ? std::string() : page->next_cursor;
  } while (!cursor.empty() && rows.size() < flags.limit);
  if (rows.empty() && !flags.workflow.empty()) {
    if (const auto known = require_workflow(*client, flags.workflow); !known) return tl::unexpected(known.error());
  }
  context.print.list(executions_view(context.world.clock.now()), rows);
  if (!cursor.empty()) context.print.note("older ones: --before " + cursor);
  return ExitCode::kOk;
}

Outcome get(const Context& context, const std::string& id) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const bool all = context.print.format() == OutputFormat::kWide;
  const auto answer = client->get(api_path(kExecutions, id), {{"payload", all ? "true" : ""}});
  if (!answer) return tl::unexpected(answer.error());
  print_execution(context, answer->data);
  return ExitCode::kOk;
}

Outcome watch(const Context& context, const std::string& id) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  return watch_execution(context, *client, id);
}

Outcome wait(const Context& context, const std::string& id, const std::string& timeout) {
  Duration limit = Duration::zero();
  if (!timeout.empty()) {
    const auto parsed = parse_duration(timeout);
    if (!parsed) return fail_with(usage_error("--timeout is not a duration", "write 30s, 5m or 1h30m"));
    // Zero would mean for ever; who writes `0s` wants an answer at once.
    limit = std::max(*parsed, Duration(1));
  }
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  return wait_and_print(context, *client, id, limit);
}

Outcome cancel(const Context& context, const std::string& id) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post(api_path(kExecutions, id, "cancel"));
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    const std::string status = text_of(answer->data, "status");
    const bool only_name = context.print.format() == OutputFormat::kName || status.empty();
    context.print.line("execution/" + id + (only_name ? "" : " " + status));
  }
  return ExitCode::kOk;
}

std::shared_ptr<std::string> add_id(CLI::App& command) {
  auto id = std::make_shared<std::string>();
  takes_reference(command.add_option("ID", *id, "The execution's id (ex_…)"), {"execution"})->required()->type_name("");
  return id;
}

void add_list(CommandLine& line, CLI::App& group) {
  CLI::App& command =
      line.add(group, "list", "Executions, the newest first", "ipaas execution list -w order-alerts --status failed");
  const auto flags = std::make_shared<ListFlags>();
  takes_reference(command.add_option("-w,--workflow", flags->workflow, "Only this workflow's"), {"workflow"})
      ->type_name("NAME");
  command
      .add_option("--status", flags->status,
                  "Only those that are queued, running, waiting, succeeded, failed or cancelled")
      ->check(one_of(execution_statuses()))
      ->type_name("STATUS");
  command.add_flag("--dead-letter", flags->dead_letters, "Only failed ones that nobody has retried or discarded");
  command.add_option("--limit", flags->limit, "At most so many (50)")->check(between(1, 100'000))->type_name("COUNT");
  takes_reference(command.add_option("--before", flags->before, "Only those before this one: the last id of a page"), {"execution"})
      ->type_name("ID");
  line.on(command, {[flags](const Context& context) { return list(context, *flags); }});
}

void add_wait(CommandLine& line, CLI::App& group) {
  CLI::App& command =
      line.add(group, "wait", "Wait until it has ended; exits 0 succeeded, 7 failed or cancelled, 8 timed out",
               "ipaas execution wait ex_01jd2c --timeout 5m");
  const auto id = add_id(command);
  const auto timeout = std::make_shared<std::string>();
  command.add_option("--timeout", *timeout, "Wait no longer than this (default: for ever)")->type_name("DURATION");
  line.on(command, {[id, timeout](const Context& context) { return wait(context, *id, *timeout); }});
}

using IdVerb = Outcome (*)(const Context&, const std::string& id);

void add_verb(CommandLine& line, CLI::App& group, const std::string& verb, const std::string& description, IdVerb run) {
  CLI::App& command = line.add(group, verb, description, "ipaas execution " + verb + " ex_01jd2c");
  const auto id = add_id(command);
  line.on(command, {[id, run](const Context& context) { return run(context, *id); }});
}

}  // namespace

void add_execution(CommandLine& line) {
  CLI::App& group = line.add_group("execution", "Show executions, wait for them, cancel and retry them");
  add_list(line, group);
  add_verb(line, group, "get", "One execution with its steps", get);
  add_verb(line, group, "watch", "Its steps as they change; exits as `wait` does", watch);
  add_wait(line, group);
  add_verb(line, group, "cancel", "Stop it: no new call is made", cancel);
  add_execution_retry(line, group);
  add_execution_discard(line, group);
  add_execution_export(line, group);
  add_execution_purge(line, group);
  add_execution_signal(line, group);
}

}  // namespace ipaas::cli
