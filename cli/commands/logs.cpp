// ipaas logs: what executions said, masked; -f tails live.
#include <algorithm>
#include <memory>
#include <ostream>
#include <vector>

#include "cli/api/follow.h"
#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/commands/known_workflow.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/output/log_printer.h"
#include "cli/time_flag.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kBeforeTail = 50;
/// For a person, of more than one execution, where it is not said how many: a year's log is not meant.
constexpr std::size_t kUsual = 1000;
constexpr std::size_t kPage = 500;

struct Flags {
  std::string execution;
  std::string workflow;
  bool follow = false;
  std::string since;
  std::string level;
  std::size_t lines = 0;  ///< 0: not said
};

Result<std::string> since_of(const std::string& text, Instant now) {
  if (text.empty()) return text;
  return past_instant("--since", text, now).map(format_instant);
}

/// The newest lines, oldest first; gives back how many.
ResultOrErrors<std::size_t> print_newest(const Client& client, Query query, std::size_t count, LogPrinter& printer) {
  query.emplace_back("newest", "true");
  query.emplace_back("limit", std::to_string(count));
  auto answer = client.get("/api/v1/logs", query);
  if (!answer) return tl::unexpected(answer.error());
  std::vector<Json> lines(answer->data.begin(), answer->data.end());
  std::ranges::sort(lines, {}, [](const Json& line) { return number_of(line, "sequence"); });
  for (const Json& line : lines) printer.print(line);
  return lines.size();
}

/// All lines, page by page, so that memory does not grow with the log.
ResultOrErrors<void> print_all(const Context& context, const Client& client, const Query& query, LogPrinter& printer) {
  while (context.world.out.good()) {
    Query page = query;
    page.emplace_back("after", std::to_string(printer.last()));
    page.emplace_back("limit", std::to_string(kPage));
    const auto answer = client.get("/api/v1/logs", page);
    if (!answer) return tl::unexpected(answer.error());
    const std::int64_t before = printer.last();
    for (const Json& line : answer->data) printer.print(line);
    if (printer.last() == before) return {};
  }
  return {};
}

ResultOrErrors<void> tail(const Context& context, const Client& client, const Query& query, LogPrinter& printer) {
  context.world.out.flush();
  return follow(context, client, "/api/v1/logs/stream", query, std::to_string(printer.last()),
                [&](const StreamEvent& event) {
                  if (event.name != "log") return true;
                  if (const auto line = parse_json(event.data)) printer.print(*line);
                  return context.world.out.good();
                });
}

/// A line of the execution's stream, which has them all.
bool is_wanted(const Json& line, const Flags& flags, const std::string& since) {
  const auto rank = [](const std::string& level) { return std::ranges::find(log_levels(), level) - log_levels().begin(); };
  return (flags.level.empty() || rank(text_of(line, "level")) >= rank(flags.level)) && text_of(line, "at") >= since;
}

/// Until the execution has ended.
ResultOrErrors<void> tail_execution(const Context& context, const Client& client, const Flags& flags,
                                    const std::string& since, LogPrinter& printer) {
  context.world.out.flush();
  return follow(context, client, api_path("/api/v1/executions", flags.execution, "stream"), {}, "", [&](const StreamEvent& event) {
    if (event.name == "end") return false;
    const auto line = event.name == "log" ? parse_json(event.data) : Result<Json>(Json());
    if (line && line->is_object() && is_wanted(*line, flags, since)) printer.print(*line);
    return context.world.out.good();
  });
}

/// Both may be named where they belong together.
ResultOrErrors<void> check_belonging(const Client& client, const Flags& flags) {
  if (flags.execution.empty() || flags.workflow.empty()) return {};
  const auto execution = client.get(api_path("/api/v1/executions", flags.execution));
  if (!execution) return tl::unexpected(execution.error());
  const std::string workflow = text_of(execution->data, "workflow");
  if (workflow == flags.workflow) return {};
  return fail_with({ErrorKind::kConflict, "the execution " + flags.execution + " is one of `" + workflow + "`, not of `" + flags.workflow + "`",
                    "leave -w away", "conflict"});
}

ResultOrErrors<void> print_before(const Context& context, const Client& client, const Flags& flags, const Query& query,
                                  bool since, LogPrinter& printer) {
  const std::size_t usual = flags.follow ? kBeforeTail : kUsual;
  const bool person = context.print.format() == OutputFormat::kTable || context.print.format() == OutputFormat::kWide;
  const bool bounded = flags.lines > 0 || (!since && (flags.follow || (flags.execution.empty() && person)));
  if (!bounded) return print_all(context, client, query, printer);
  const auto printed = print_newest(client, query, flags.lines > 0 ? flags.lines : usual, printer);
  if (!printed) return tl::unexpected(printed.error());
  if (flags.lines == 0 && !flags.follow && *printed == kUsual) {
    context.print.note("these are the newest 1,000 lines: -n COUNT or --since TIME shows more");
  }
  return {};
}

Outcome logs(const Context& context, const Flags& flags) {
  const Result<std::string> since = since_of(flags.since, context.world.clock.now());
  if (!since) return fail_with(since.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (const auto belong = check_belonging(*client, flags); !belong) return tl::unexpected(belong.error());
  const Query query = {
      {"execution", flags.execution}, {"workflow", flags.workflow}, {"level", flags.level}, {"since", *since}};
  LogPrinter printer(context.print, flags.follow ? LogPrinter::Shape::kTail : LogPrinter::Shape::kList,
                     flags.execution.empty() ? LogPrinter::Scope::kTenant : LogPrinter::Scope::kExecution);

  const auto printed = print_before(context, *client, flags, query, !since->empty(), printer);
  if (!printed) return tl::unexpected(printed.error());
  if (printer.last() == 0 && !flags.workflow.empty()) {
    if (const auto known = require_workflow(*client, flags.workflow); !known) return tl::unexpected(known.error());
  }
  printer.finish();
  if (flags.follow) {
    const auto tailed = flags.execution.empty() ? tail(context, *client, query, printer)
                                                : tail_execution(context, *client, flags, *since, printer);
    if (!tailed) return tl::unexpected(tailed.error());
  }
  return ExitCode::kOk;
}

}  // namespace

void add_logs(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "logs", "Masked log lines of the tenant, a workflow or one execution",
                               "ipaas logs -f -w order-alerts --level warn");
  const auto flags = std::make_shared<Flags>();
  takes_reference(command.add_option("EXECUTION", flags->execution, "Only this execution's lines"), {"execution"})
      ->check(not_empty("the execution's id"))
      ->type_name("");
  takes_reference(command.add_option("-w,--workflow", flags->workflow, "Only this workflow's lines"), {"workflow"})
      ->type_name("NAME");
  command.add_flag("-f,--follow", flags->follow, "Show the newest 50 lines, then new ones as they come, until Ctrl-C or the execution's end");
  command.add_option("--since", flags->since, "Only lines younger than this (15m, 2h) or after an instant")
      ->type_name("TIME");
  command.add_option("--level", flags->level, "Only lines of this level or above: debug, info, warn, error")
      ->check(one_of(log_levels()))
      ->type_name("LEVEL");
  command.add_option("-n,--lines", flags->lines, "Only the newest lines, so many (of one execution, and as JSON, all; else 1000)")
      ->check(between(1, 10'000))
      ->type_name("COUNT");
  line.on(command, {[flags](const Context& context) { return logs(context, *flags); }});
}

}  // namespace ipaas::cli
