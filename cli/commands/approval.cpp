// ipaas approval: what waits for a person's decision, and deciding it.
#include <algorithm>
#include <memory>

#include "cli/commands/choices.h"
#include "cli/commands/commands.h"
#include "cli/commands/known_workflow.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kApprovals = "/api/v1/approvals";
constexpr std::size_t kPage = 100;

View approvals_view(Instant now) {
  return {"approval",
          "id",
          {field("ID", "id"),
           field("WORKFLOW", "workflow"),
           age_field("SINCE", "since", now),
           field("UNTIL", "until"),
           {"ROLES", [](const Json& row) { return joined(items_of(row, "roles")); }},
           field("MESSAGE", "message")}};
}

Outcome list(const Context& context, std::size_t limit, const std::string& workflow) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json rows = Json::array();
  std::string cursor;
  do {
    const auto page = client->get(std::string(kApprovals), {{"limit", std::to_string(kPage)}, {"after", cursor}});
    if (!page) return tl::unexpected(page.error());
    for (const Json& row : page->data) {
      const bool wanted = workflow.empty() || text_of(row, "workflow") == workflow;
      if (wanted && rows.size() < limit) rows.push_back(row);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty() && rows.size() < limit);
  if (rows.empty() && !workflow.empty()) {
    if (const auto known = require_workflow(*client, workflow); !known) return tl::unexpected(known.error());
  }
  context.print.list(approvals_view(context.world.clock.now()), rows);
  return ExitCode::kOk;
}

Outcome decide(const Context& context, const std::string& verb, const std::string& id, const std::string& comment) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json body = Json::object();
  if (!comment.empty()) body["comment"] = comment;
  const auto answer = client->post(api_path(kApprovals, id, verb), body);
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    const bool only_name = context.print.format() == OutputFormat::kName;
    context.print.line("approval/" + text_of(answer->data, "id") + (only_name ? "" : " " + text_of(answer->data, "decision")));
  }
  return ExitCode::kOk;
}

void add_verb(CommandLine& line, CLI::App& group, const std::string& verb, const std::string& description) {
  CLI::App& command = line.add(group, verb, description, "ipaas approval " + verb + " ex_01jd2c/ok --comment 'as discussed'");
  const auto id = std::make_shared<std::string>();
  const auto comment = std::make_shared<std::string>();
  takes_reference(command.add_option("ID", *id, "EXECUTION/STEP, or the execution alone where it waits for one decision"),
                  {"approval", "execution"})
      ->required()
      ->type_name("");
  command.add_option("--comment", *comment, "Why; it is kept with the decision")->type_name("TEXT");
  line.on(command, {[verb, id, comment](const Context& context) { return decide(context, verb, *id, *comment); }});
}

}  // namespace

void add_approval(CommandLine& line) {
  CLI::App& group = line.add_group("approval", "Show what waits for a decision, approve it, reject it");
  CLI::App& command = line.add(group, "list", "What waits for a decision, the oldest first", "ipaas approval list");
  const auto limit = std::make_shared<std::size_t>(100);
  command.add_option("--limit", *limit, "At most so many (100)")->check(between(1, 100'000))->type_name("COUNT");
  const auto workflow = std::make_shared<std::string>();
  takes_reference(command.add_option("-w,--workflow", *workflow, "Only this workflow's"), {"workflow"})->type_name("NAME");
  line.on(command, {[limit, workflow](const Context& context) { return list(context, *limit, *workflow); }});
  add_verb(line, group, "approve", "Approve: the execution goes on");
  add_verb(line, group, "reject", "Reject: the step fails with approval_rejected");
}

}  // namespace ipaas::cli
