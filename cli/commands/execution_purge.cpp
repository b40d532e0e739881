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

constexpr std::size_t kPage = 1000;
/// Who has more does not need to know how many.
constexpr std::size_t kMostCounted = 10'000;

/// How many have ended before then; `more than 10,000` where that is enough to know.
ResultOrErrors<std::string> count(const Client& client, const std::string& workflow, Instant before, bool dead_letters) {
  std::size_t found = 0;
  std::string cursor;
  do {
    const auto page = client.get("/api/v1/executions", {{"workflow", workflow},
                                                        {"ended_before", format_instant(before)},
                                                        {"dead_letter", dead_letters ? "true" : ""},
                                                        {"limit", std::to_string(kPage)},
                                                        {"before", cursor}});
    if (!page) return tl::unexpected(page.error());
    found += page->data.size();
    cursor = page->data.empty() ? std::string() : page->next_cursor;
  } while (!cursor.empty() && found < kMostCounted);
  return cursor.empty() ? std::to_string(found) : "more than " + std::to_string(found);
}

/// What is asked before it is done, with what cannot be brought back.
ResultOrErrors<void> confirm(const Context& context, const Client& client, const Flags& flags, Instant before) {
  const std::string which = (flags.workflow.empty() ? "" : " of " + flags.workflow) + " that ended before " + format_instant(before);
  std::string what = "delete the executions" + which;
  if (!context.options.yes && context.world.in_is_terminal) {
    const auto all = count(client, flags.workflow, before, false);
    if (!all) return tl::unexpected(all.error());
    const auto dead = count(client, flags.workflow, before, true);
    if (!dead) return tl::unexpected(dead.error());
    what = "delete " + *all + (*all == "1" ? " execution" : " executions") + which + " for good, of which " + *dead +
           (*dead == "1" ? " is a dead letter" : " are dead letters") + " that nobody has looked after";
  }
  if (const auto sure = context.confirm(what); !sure) return fail_with(sure.error());
  return {};
}

Result<Instant> limit_of(const Flags& flags, Instant now) {
  auto before = past_instant("--older-than", flags.older_than, now);
  if (before && *before > now) {
    return tl::unexpected(usage_error("--older-than is in the future, so that it would be all that has ended",
                                      "write how old they are at least, such as 30d, or an instant before now"));
  }
  return before;
}

Outcome purge(const Context& context, const Flags& flags) {
  const auto before = limit_of(flags, context.world.clock.now());
  if (!before) return fail_with(before.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (const auto sure = confirm(context, *client, flags, *before); !sure) return tl::unexpected(sure.error());
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
