#include <memory>

#include "cli/commands/choices.h"
#include "cli/commands/reference.h"
#include "cli/commands/webhook_verbs.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

View deliveries_view(Instant now) {
  return {"delivery",
          "id",
          {field("ID", "id"),
           age_field("AGE", "at", now),
           field("STATUS", "status"),
           field("EXECUTION", "execution"),
           wide_field("CODE", "code"),
           field("REASON", "reason")}};
}

Outcome deliveries(const Context& context, const std::string& name, std::size_t limit) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(api_path("/api/v1/webhooks", name, "deliveries"), {{"limit", std::to_string(limit)}});
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(deliveries_view(context.world.clock.now()), answer->data);
  return ExitCode::kOk;
}

Outcome replay(const Context& context, const std::string& id) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post(api_path("/api/v1/deliveries", id, "replay"));
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    const bool only_name = context.print.format() == OutputFormat::kName;
    context.print.line("execution/" + text_of(answer->data, "id") + (only_name ? "" : " " + text_of(answer->data, "status")));
  }
  return ExitCode::kOk;
}

}  // namespace

void add_webhook_deliveries(CommandLine& line, CLI::App& webhook) {
  CLI::App& command = line.add(webhook, "deliveries", "What came in, the newest first; of duplicates, filtered and refused ones a sample",
                               "ipaas webhook deliveries order-alerts --limit 20");
  const auto name = std::make_shared<std::string>();
  const auto limit = std::make_shared<std::size_t>(50);
  takes_reference(command.add_option("NAME", *name, "The workflow's name"), {"webhook", "workflow"})->required()->type_name("");
  command.add_option("--limit", *limit, "At most so many (50)")->check(between(1, 1000))->type_name("COUNT");
  line.on(command, {[name, limit](const Context& context) { return deliveries(context, *name, *limit); }});
}

void add_webhook_replay(CommandLine& line, CLI::App& webhook) {
  CLI::App& command = line.add(webhook, "replay", "Start a new execution, of the newest version, on a delivery that was accepted or kept",
                               "ipaas webhook replay ev_01jd2c");
  const auto id = std::make_shared<std::string>();
  takes_reference(command.add_option("DELIVERY", *id, "The delivery's id (ev_…)"), {"delivery"})->required()->type_name("");
  line.on(command, {[id](const Context& context) { return replay(context, *id); }});
}

}  // namespace ipaas::cli
