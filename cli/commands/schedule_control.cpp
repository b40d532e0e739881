#include "cli/commands/schedule_control.h"

#include <cmath>
#include <memory>
#include <set>

#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/time_flag.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kSchedules = "/api/v1/schedules";

std::string lag(const Json& row) {
  const Json& seconds = member_of(row, "lag_seconds");
  if (!seconds.is_number() || text_of(row, "last_due").empty()) return "-";
  return short_duration(Duration(std::llround(seconds.get<double>() * 1000)));
}

std::string or_dash(const Json& row, std::string_view key) {
  std::string text = text_of(row, key);
  return text.empty() ? "-" : text;
}

/// A schedule that rests stands somewhere, and does not fire.
std::string next_text(const Json& row) { return text_of(row, "state") == "active" ? or_dash(row, "next_due") : "-"; }

View schedule_view() {
  const auto dashed = [](std::string title, std::string key, bool wide = false) {
    return Column{std::move(title), [key = std::move(key)](const Json& row) { return or_dash(row, key); }, wide};
  };
  return {"schedule",
          "id",
          {field("WORKFLOW", "workflow"), field("CRON", "cron"), field("TIMEZONE", "timezone"),
           {"NEXT", next_text}, dashed("LAST", "last_due"), {"LAG", lag}, field("STATE", "state"),
           dashed("STARTS", "fires_at", true), wide_field("ID", "id")}};
}

Outcome list(const Context& context, const std::string& workflow) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(std::string(kSchedules), {{"workflow", workflow}});
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(schedule_view(), answer->data);
  return ExitCode::kOk;
}

Outcome switch_to(const Context& context, const std::string& name, std::string_view verb) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post(api_path(kSchedules, name, verb));
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured() || context.print.format() == OutputFormat::kName) {
    context.print.list(schedule_view(), answer->data);
    return ExitCode::kOk;
  }
  for (const Json& row : answer->data) {
    const std::string next = text_of(row, "state") == "active" ? ", next " + or_dash(row, "next_due") : "";
    context.print.line("schedule/" + text_of(row, "id") + " " + std::string(verb) + "d: " + text_of(row, "cron") + " (" +
                       text_of(row, "timezone") + ") of " + text_of(row, "workflow") + next);
  }
  return ExitCode::kOk;
}

struct BackfillFlags {
  std::string name;
  std::string from;
  std::string to;
  bool dry_run = false;
};

Result<Json> backfill_body(const Context& context, const BackfillFlags& flags) {
  const Instant now = context.world.clock.now();
  const auto from = past_instant("--from", flags.from, now);
  if (!from) return tl::unexpected(from.error());
  const auto to = flags.to.empty() ? Result<Instant>(now) : past_instant("--to", flags.to, now);
  if (!to) return tl::unexpected(to.error());
  for (const auto& [flag, instant] : {std::pair{"--from", *from}, std::pair{"--to", *to}}) {
    if (instant <= now) continue;
    return tl::unexpected(usage_error(std::string(flag) + " is in the future, where the schedule fires by itself",
                                      "write an instant before now, " + format_instant(now) + ", or how long ago, such as 2h"));
  }
  if (*to <= *from) {
    return tl::unexpected(usage_error("--to is not later than --from", "write a --to between " + format_instant(*from) + " and now"));
  }
  return Json{{"from", format_instant(*from)}, {"to", format_instant(*to)}};
}

std::string executions(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " execution" : " executions");
}

void print_backfill(const Context& context, const Json& data, bool dry_run) {
  const Json& rows = items_of(data, "executions");
  const std::string key = dry_run ? "scheduled_for" : "execution";
  View view{dry_run ? "instant" : "execution", key, {field("SCHEDULED FOR", "scheduled_for"), field("WORKFLOW", "workflow")}};
  if (!dry_run) view.columns.push_back(field("EXECUTION", "execution"));
  std::set<std::string> schedules;
  for (const Json& row : rows) schedules.insert(text_of(row, "schedule"));
  Column schedule = field("SCHEDULE", "schedule");
  schedule.wide = schedules.size() < 2;
  view.columns.push_back(std::move(schedule));
  if (!rows.empty() || context.print.structured()) context.print.list(view, rows);
  context.print.note((dry_run ? "would start " : "started ") + executions(rows.size()));
  if (const std::string left = text_of(data, "left_from"); !left.empty()) {
    context.print.note("there are more than fit at once: go on with --from " + left);
  }
}

Outcome backfill(const Context& context, const BackfillFlags& flags) {
  auto body = backfill_body(context, flags);
  if (!body) return fail_with(body.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const std::string path = api_path(kSchedules, flags.name, "backfill");
  Json dry = *body;
  dry["dry_run"] = true;
  const auto planned = client->post(path, dry);
  if (!planned) return tl::unexpected(planned.error());
  const std::size_t count = items_of(planned->data, "executions").size();
  if (flags.dry_run || count == 0) {
    print_backfill(context, planned->data, flags.dry_run);
    return ExitCode::kOk;
  }
  if (const auto sure = context.confirm("start " + executions(count) + " of " + flags.name); !sure) {
    return fail_with(sure.error());
  }
  const auto done = client->post(path, *body);
  if (!done) return tl::unexpected(done.error());
  print_backfill(context, done->data, false);
  return ExitCode::kOk;
}

void add_switch(CommandLine& line, CLI::App& group, const std::string& verb, const std::string& description) {
  CLI::App& command = line.add(group, verb, description, "ipaas schedule " + verb + " daily-report");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "A workflow, for all its schedules, or the id of one schedule"),
                  {"workflow", "schedule"})
      ->required()
      ->type_name("");
  line.on(command, {[name, verb](const Context& context) { return switch_to(context, *name, verb); }});
}

void add_backfill(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(
      group, "backfill", "Start an execution for each instant that has not fired, the oldest first, up to 1,000",
      "ipaas schedule backfill daily-report --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z --dry-run");
  const auto flags = std::make_shared<BackfillFlags>();
  takes_reference(command.add_option("NAME", flags->name, "A workflow, for all its schedules, or the id of one schedule"),
                  {"workflow", "schedule"})
      ->required()
      ->type_name("");
  command.add_option("--from", flags->from, "The first instant that counts, such as 2026-11-21T20:35:00Z, or how long ago (2h)")
      ->required()
      ->type_name("TIME");
  command.add_option("--to", flags->to, "The instant before which it ends, or how long ago (now)")->type_name("TIME");
  command.add_flag("--dry-run", flags->dry_run, "Only say what would be started");
  line.on(command, {[flags](const Context& context) { return backfill(context, *flags); }});
}

}  // namespace

void add_schedule_control(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "list", "Schedules, when they are due, and how late they fired last",
                               "ipaas schedule list -w daily-report");
  const auto workflow = std::make_shared<std::string>();
  takes_reference(command.add_option("-w,--workflow", *workflow, "Only those of this workflow"), {"workflow"})
      ->type_name("NAME");
  line.on(command, {[workflow](const Context& context) { return list(context, *workflow); }});
  add_switch(line, group, "pause", "Let schedules rest; running executions go on");
  add_switch(line, group, "resume", "Let schedules fire again, from now on");
  add_backfill(line, group);
}

}  // namespace ipaas::cli
