// ipaas webhook: the addresses that services post to.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/commands/webhook_verbs.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

View webhooks_view() {
  return {"webhook",
          "workflow",
          {field("WORKFLOW", "workflow"),
           {"STATE", [](const Json& row) { return std::string(flag_of(row, "enabled") ? "enabled" : "disabled"); }},
           field("SCHEME", "scheme"),
           field("PATH", "path"),
           wide_field("PATH BY NAME", "tenant_path"),
           wide_field("URL", "url")}};
}

Outcome list(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get("/api/v1/webhooks");
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(webhooks_view(), answer->data);
  return ExitCode::kOk;
}

/// The address on the daemon's own listener, for when no public one is known.
ResultOrErrors<std::string> local_url(const Client& client, const Json& webhook) {
  const auto status = client.get("/api/v1/status");
  if (!status) return tl::unexpected(status.error());
  return "http://" + text_of(status->data, "listen") + text_of(webhook, "path");
}

Outcome url(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get("/api/v1/webhooks");
  if (!answer) return tl::unexpected(answer.error());
  for (const Json& webhook : answer->data) {
    if (text_of(webhook, "workflow") != name) continue;
    std::string address = text_of(webhook, "url");
    if (address.empty()) {
      auto local = local_url(*client, webhook);
      if (!local) return tl::unexpected(local.error());
      address = std::move(*local);
      context.print.note(
          "public_url is not set in the daemon's configuration: this address works on its own machine only");
    }
    if (text_of(webhook, "scheme") == "url-token") {
      context.print.note("the sender needs this address, a slash and the token of the credential: `ipaas webhook sign --scheme "
                         "url-token --secret-stdin --url ADDRESS` puts them together");
    }
    if (context.print.structured()) {
      Json shown = webhook;
      shown["url"] = address;
      context.print.structure(shown);
    } else {
      context.print.line(context.print.format() == OutputFormat::kName ? "webhook/" + name : address);
    }
    return ExitCode::kOk;
  }
  return fail_with(
      {ErrorKind::kNotFound, "no workflow `" + name + "` has a webhook", "see `ipaas webhook list`", "not_found"});
}

}  // namespace

void add_webhook(CommandLine& line) {
  CLI::App& group = line.add_group("webhook", "Show the addresses of webhooks and what came in there; sign and verify requests");
  line.on(line.add(group, "list", "All webhooks", "ipaas webhook list -o wide"), {list});
  CLI::App& command = line.add(group, "url", "The address to give to the sender", "ipaas webhook url order-alerts");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "The workflow's name"), {"webhook", "workflow"})
      ->required()
      ->type_name("");
  line.on(command, {[name](const Context& context) { return url(context, *name); }});
  add_webhook_deliveries(line, group);
  add_webhook_replay(line, group);
  add_webhook_sign(line, group);
  add_webhook_verify(line, group);
}

}  // namespace ipaas::cli
