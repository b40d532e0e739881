// ipaas apply: create or update workflows, all of them or none; with --prune delete what its set has no more.
#include <memory>
#include <optional>

#include "cli/api/envelope.h"
#include "cli/ci_message.h"
#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/commands/set_flags.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kApply = "/api/v1/workflows/apply";

struct Flags {
  FileFlags files;
  SetFlags set;
  bool dry_run = false;
  std::optional<std::string> message;
};

/// Lists what would be pruned and asks for leave: the names, so that the daemon deletes these or nothing.
ResultOrErrors<Json> confirm_pruning(const Context& context, const Client& client, const std::string& set,
                                     Json request) {
  request["dry_run"] = true;
  const auto answer = client.post(std::string(kApply), request);
  if (!answer) return tl::unexpected(answer.error());
  Json names = Json::array();
  for (const Json& row : answer->data) {
    if (text_of(row, "action") == "pruned") names.push_back(text_of(row, "name"));
  }
  if (names.empty()) return names;
  context.print.note("no longer in the set " + set + ", to be deleted: " + joined(names));
  const std::string what = "delete " + std::to_string(names.size()) + (names.size() == 1 ? " workflow" : " workflows");
  if (const auto sure = context.confirm(what); !sure) return fail_with(sure.error());
  return names;
}

void tell_moves(const Context& context, const Json& rows, const std::string& set) {
  for (const Json& row : rows) {
    const std::string left = text_of(row, "left_set");
    if (!left.empty()) context.print.note(text_of(row, "name") + " moves from the set " + left + " to " + set);
  }
}

/// What the daemon took and has its doubts about.
void warn(const Context& context, const Json& rows) {
  Errors warnings;
  for (const Json& row : rows) {
    for (const Json& doubt : items_of(row, "warnings")) warnings.push_back(error_of(doubt, ErrorKind::kInvalid));
    for (const Json& name : items_of(row, "missing_calls")) {
      const std::string callee = name.is_string() ? name.get<std::string>() : "";
      warnings.push_back({ErrorKind::kInvalid, text_of(row, "name") + " calls " + callee + ", which does not exist",
                          "apply it, too, or the step that calls it fails", "unknown_workflow"});
    }
  }
  context.print.warn(warnings);
}

Outcome apply(const Context& context, const Flags& flags) {
  if (const auto usable = check(flags.set); !usable) return fail_with(usable.error());
  const auto documents = workflows_of(context, flags.files);
  if (!documents) return documents.error();
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json request = apply_request(*documents, flags.set);
  request["message"] = flags.message.value_or(ci_message(context.world));
  request["dry_run"] = flags.dry_run;
  if (flags.set.prune && !flags.dry_run) {
    auto confirmed = confirm_pruning(context, *client, *flags.set.name, request);
    if (!confirmed) return refuse_files(context, flags.files, confirmed.error());
    request["confirmed"] = *std::move(confirmed);
  }
  const auto answer = client->post(std::string(kApply), request);
  if (!answer) return refuse_files(context, flags.files, answer.error());
  context.print.list(
      {"workflow",
       "name",
       {field("NAME", "name"), field("ACTION", "action"), field("VERSION", "version"), wide_field("ID", "id")}},
      answer->data);
  tell_moves(context, answer->data, flags.set.name.value_or(""));
  warn(context, answer->data);
  if (flags.dry_run) context.print.note("dry run: nothing was changed");
  return ExitCode::kOk;
}

}  // namespace

void add_apply(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "apply", "Create or update workflows, all or nothing",
                               "ipaas apply -f workflows/ -R -m \"alert on large orders\"");
  const auto flags = std::make_shared<Flags>();
  add_file_flags(command, flags->files);
  add_set_flags(command, flags->set);
  command.add_flag("--dry-run", flags->dry_run, "Check with the daemon and say what would change");
  command.add_option("-m,--message", flags->message, "Why, for the history (in CI: the commit and the run's address)")
      ->type_name("TEXT");
  line.on(command, {[flags](const Context& context) { return apply(context, *flags); }});
}

}  // namespace ipaas::cli
