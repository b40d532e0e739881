// ipaas schedule: when a cron expression is due, offline; the daemon's schedules are in schedule_control.
#include <date/tz.h>

#include <memory>
#include <ostream>

#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/commands/schedule_control.h"
#include "cli/output/fields.h"
#include "core/base/time_text.h"
#include "core/base/time_zone.h"
#include "core/language/cron.h"
#include "core/language/suggest.h"

namespace ipaas::cli {
namespace {

using std::chrono::seconds;

constexpr int kMost = 10'000;

struct Flags {
  std::string cron;
  std::string zone = "UTC";
  std::string from;
  int count = 5;
  bool inclusive = false;
};

Result<const date::time_zone*> zone_named(const std::string& name) {
  auto zone = find_time_zone(name);
  if (zone || zone.error().hint.starts_with("did you mean")) return zone;
  std::vector<std::string> known;
  for (const date::time_zone& each : date::get_tzdb().zones) known.push_back(each.name());
  if (std::string hint = language::did_you_mean(name, known); !hint.empty()) zone.error().hint = std::move(hint);
  return zone;
}

Result<Instant> start_of(const Flags& flags, Instant now) {
  if (flags.from.empty()) return now;
  auto from = parse_instant(flags.from);
  if (!from) from.error().message = "--from: " + from.error().message;
  return from;
}

/// RFC 3339 in the zone's offset; in UTC where that is not of whole minutes, as it was for local mean time.
std::string text_of_instant(Instant instant, const date::time_zone& zone) {
  constexpr std::size_t kWithoutFraction = 19;
  seconds offset = zone.get_info(date::floor<seconds>(instant)).offset;
  const bool whole = offset % std::chrono::minutes(1) == seconds(0);
  if (!whole) offset = seconds(0);
  const std::string local = format_instant(instant + offset).substr(0, kWithoutFraction);
  if (!whole || zone.name() == "UTC" || zone.name() == "Etc/UTC") return local + "Z";
  return local + (offset < seconds(0) ? "-" : "+") + date::format("%H:%M", std::chrono::abs(offset));
}

std::string distance(Instant at, Instant now) {
  const Duration between = date::floor<seconds>(at - now);
  if (between < Duration::zero()) return short_duration(-between) + " ago";
  return "in " + short_duration(between);
}

void warn_of_both_days(const Context& context, const language::CronSchedule& schedule) {
  if (!schedule.sets_both_days()) return;
  context.print.warn({{ErrorKind::kInvalid, "the schedule sets day of month and day of week, so that either matches",
                       "leave one of them at *", "both_days"}});
}

void print_instants(const Context& context, const std::vector<Instant>& instants, const date::time_zone& zone) {
  const Instant now = context.world.clock.now();
  Json texts = Json::array();
  Json rows = Json::array();
  for (const Instant at : instants) {
    texts.push_back(text_of_instant(at, zone));
    Json row;
    row["at"] = texts.back();
    row["weekday"] = date::format("%a", date::floor<date::days>(date::make_zoned(&zone, at).get_local_time()));
    row["distance"] = distance(at, now);
    rows.push_back(std::move(row));
  }
  if (context.print.structured()) return context.print.structure(texts);
  if (instants.empty()) return context.print.note("never: no further instant up to the year 2499");
  if (context.print.format() == OutputFormat::kName) {
    for (const Json& text : texts) context.print.line(text.get<std::string>());
    return;
  }
  context.print.list({"instant", "at", {field("AT", "at"), field("DAY", "weekday"), field("WHEN", "distance")}}, rows);
}

Outcome next(const Context& context, const Flags& flags) {
  Errors errors;
  const auto schedule = language::CronSchedule::parse(flags.cron);
  if (!schedule) errors.push_back(schedule.error());
  const auto zone = zone_named(flags.zone);
  if (!zone) errors.push_back(zone.error());
  const auto from = start_of(flags, context.world.clock.now());
  if (!from) errors.push_back(from.error());
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  warn_of_both_days(context, *schedule);

  std::vector<Instant> instants;
  auto at = schedule->next(*from, **zone, flags.inclusive);
  for (; at && static_cast<int>(instants.size()) < flags.count; at = schedule->next(*at, **zone))
    instants.push_back(*at);
  print_instants(context, instants, **zone);
  return ExitCode::kOk;
}

}  // namespace

void add_schedule(CommandLine& line) {
  CLI::App& group = line.add_group("schedule", "When schedules are due; let them rest, and fire what they missed");
  add_schedule_control(line, group);
  CLI::App& command = line.add(group, "next", "Print when a cron expression is due next; offline",
                               "ipaas schedule next '30 7 * * MON-FRI' --timezone Europe/Berlin");
  const auto flags = std::make_shared<Flags>();
  command.add_option("cron", flags->cron, "Five fields, six with seconds first, or @daily and the like; in quotes")
      ->required()
      ->type_name("CRON");
  command.add_option("--timezone", flags->zone, "An IANA name (UTC)")->type_name("TZ");
  command.add_option("--from", flags->from, "Only what is after this instant, such as 2026-11-21T20:35:00Z (now)")
      ->type_name("TIME");
  command.add_option("-n,--count", flags->count, "How many (5)")->check(between(1, kMost))->type_name("N");
  command.add_flag("--inclusive", flags->inclusive, "The instant of --from counts, too, if it is due then");
  line.on(command, {[flags](const Context& context) { return next(context, *flags); }});
}

}  // namespace ipaas::cli
