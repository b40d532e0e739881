#include "cli/commands/workflow_history.h"

#include <memory>

#include "cli/commands/choices.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kWorkflows = "/api/v1/workflows";
constexpr std::size_t kShortDigest = 12;

View version_view(Instant now) {
  return {"version",
          "version",
          {field("VERSION", "version"), age_field("AGE", "created_at", now), field("AUTHOR", "author"),
           {"DIGEST", [](const Json& row) { return text_of(row, "digest").substr(0, kShortDigest); }},
           wide_field("APPLIED", "created_at"), field("MESSAGE", "message")}};
}

Outcome history(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(api_path(kWorkflows, name, "versions"));
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(version_view(context.world.clock.now()), answer->data);
  return ExitCode::kOk;
}

struct RollbackFlags {
  std::string name;
  int to = 0;
  std::string message;
};

Outcome roll_back(const Context& context, const RollbackFlags& flags) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json body = {{"to", flags.to}};
  if (!flags.message.empty()) body["message"] = flags.message;
  const auto answer = client->post(api_path(kWorkflows, flags.name, "rollback"), body);
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
    return ExitCode::kOk;
  }
  const std::string version = text_of(answer->data, "version");
  const bool unchanged = text_of(answer->data, "action") == "unchanged";
  const std::string said = unchanged ? " unchanged: version " + version + ", the newest, has the text of version "
                                     : " is at version " + version + ", which has the text of version ";
  const bool only_name = context.print.format() == OutputFormat::kName;
  context.print.line("workflow/" + flags.name + (only_name ? "" : said + std::to_string(flags.to)));
  return ExitCode::kOk;
}

}  // namespace

void add_workflow_history(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "history", "The versions of a workflow, the newest first",
                               "ipaas workflow history order-alerts");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "The workflow's name"), {"workflow"})->required()->type_name("");
  line.on(command, {[name](const Context& context) { return history(context, *name); }});

  constexpr int kMost = 1'000'000'000;
  CLI::App& back = line.add(group, "rollback", "Make the text of an older version the newest version",
                            "ipaas workflow rollback order-alerts --to 3 -m 'the filter was wrong'");
  const auto flags = std::make_shared<RollbackFlags>();
  takes_reference(back.add_option("NAME", flags->name, "The workflow's name"), {"workflow"})->required()->type_name("");
  back.add_option("--to", flags->to, "The number of the version")->required()->check(between(1, kMost))->type_name("N");
  back.add_option("-m,--message", flags->message, "Why, for the history")->type_name("MESSAGE");
  line.on(back, {[flags](const Context& context) { return roll_back(context, *flags); }});
}

}  // namespace ipaas::cli
