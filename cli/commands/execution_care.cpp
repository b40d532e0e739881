#include "cli/commands/execution_care.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/api/dead_letters.h"
#include "cli/commands/choices.h"
#include "cli/commands/known_workflow.h"
#include "cli/commands/reference.h"
#include "cli/output/fields.h"
#include "cli/time_flag.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kExecutions = "/api/v1/executions";
/// As many as the daemon takes in one request.
constexpr std::size_t kSlice = 200;

/// What a command is about: one execution, or all dead letters that its filters select.
struct Selection {
  std::string id;
  bool dead_letters = false;
  std::string workflow;
  std::string code;
  std::string since;
  std::size_t limit = 0;
};

/// What is done with them.
struct Care {
  std::string verb;  ///< of the route: retry, discard
  std::string done;  ///< of the answer: retried, discarded
  Json request = Json::object();
};

Result<DeadLetterFilter> filter_of(const Selection& selection, Instant now) {
  const bool filtered = !selection.workflow.empty() || !selection.code.empty() || !selection.since.empty() || selection.limit > 0;
  if (selection.dead_letters != selection.id.empty()) {
    return tl::unexpected(usage_error(selection.dead_letters ? "an ID and --dead-letter exclude each other"
                                                             : "it is not said which execution is meant",
                                      "give an ID, or --dead-letter with -w, --code, --since or --limit"));
  }
  if (filtered && !selection.dead_letters) {
    return tl::unexpected(usage_error("-w, --code, --since and --limit select dead letters", "add --dead-letter in place of the ID"));
  }
  DeadLetterFilter filter{selection.workflow, selection.code, {}, selection.limit};
  if (!selection.since.empty()) {
    const auto since = past_instant("--since", selection.since, now);
    if (!since) return tl::unexpected(since.error());
    filter.since = *since;
  }
  return filter;
}

std::string counted(std::size_t count) { return std::to_string(count) + (count == 1 ? " execution" : " executions"); }

void append(Json& all, const Json& answer, const char* key) {
  for (const Json& item : items_of(answer, key)) all[key].push_back(item);
}

/// Every slice that was sent counts, also where a later one could not be.
Json send_all(const Client& client, const Care& care, const std::vector<std::string>& ids, Errors& errors) {
  Json all = {{care.done, Json::array()}, {"left_out", Json::array()}};
  for (std::size_t begin = 0; begin < ids.size(); begin += kSlice) {
    Json request = care.request;
    request["executions"] = Json::array();
    for (std::size_t i = begin; i < std::min(begin + kSlice, ids.size()); ++i) request["executions"].push_back(ids[i]);
    const auto answer = client.post(std::string(kExecutions) + "/" + care.verb, request);
    if (!answer) {
      errors = answer.error();
      return all;
    }
    append(all, answer->data, care.done.c_str());
    append(all, answer->data, "left_out");
  }
  return all;
}

void print_all(const Context& context, const Care& care, const Json& all) {
  if (context.print.structured()) return context.print.structure(all);
  const bool only_name = context.print.format() == OutputFormat::kName;
  for (const Json& item : items_of(all, care.done)) {
    const std::string of = text_of(item, "retry_of");
    context.print.line("execution/" + text_of(item, "id") +
                       (only_name ? "" : of.empty() ? " " + care.done : " retries " + of));
  }
  for (const Json& item : items_of(all, "left_out")) {
    const std::string hint = text_of(item, "hint");
    context.print.note("left out " + text_of(item, "id") + ": " + text_of(item, "message") + (hint.empty() ? "" : ": " + hint));
  }
  const std::size_t left = items_of(all, "left_out").size();
  context.print.note(counted(items_of(all, care.done).size()) + " " + care.done +
                     (left > 0 ? ", " + std::to_string(left) + " left out" : ""));
}

/// Nothing was found: that is good news only if what was looked for is there to be found.
Result<void> require_code(const std::string& code) {
  const Words& known = error_codes();
  if (code.empty() || std::ranges::find(known, code) != known.end()) return {};
  return tl::unexpected(usage_error("no execution has failed with the error code `" + code + "`", hint_for(code, known)));
}

Outcome care_for_all(const Context& context, const Client& client, const Care& care, const DeadLetterFilter& filter) {
  const auto ids = find_dead_letters(client, filter);
  if (!ids) return tl::unexpected(ids.error());
  if (ids->empty()) {
    if (const auto known = require_code(filter.code); !known) return fail_with(known.error());
  }
  if (ids->empty() && !filter.workflow.empty()) {
    if (const auto known = require_workflow(client, filter.workflow); !known) return tl::unexpected(known.error());
  }
  if (!ids->empty()) {
    if (const auto sure = context.confirm(care.verb + " " + counted(ids->size())); !sure) return fail_with(sure.error());
  }
  Errors errors;
  const Json all = send_all(client, care, *ids, errors);
  print_all(context, care, all);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return items_of(all, "left_out").empty() ? ExitCode::kOk : ExitCode::kFailed;
}

Outcome care_for(const Context& context, const Care& care, const Selection& selection) {
  const auto filter = filter_of(selection, context.world.clock.now());
  if (!filter) return fail_with(filter.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (selection.dead_letters) return care_for_all(context, *client, care, *filter);
  const auto answer = client->post(api_path(kExecutions, selection.id, care.verb), care.request);
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
    return ExitCode::kOk;
  }
  const std::string of = text_of(answer->data, "retry_of");
  const bool only_name = context.print.format() == OutputFormat::kName;
  context.print.line("execution/" + text_of(answer->data, "id") +
                     (only_name ? "" : of.empty() ? " " + care.done : " retries " + of));
  if (!of.empty() && context.world.err_is_terminal) {
    context.print.note("see it run: ipaas execution watch " + text_of(answer->data, "id"));
  }
  return ExitCode::kOk;
}

std::shared_ptr<Selection> add_selection(CLI::App& command) {
  auto selection = std::make_shared<Selection>();
  takes_reference(command.add_option("ID", selection->id, "The execution's id (ex_…)"), {"execution"})->type_name("");
  command.add_flag("--dead-letter", selection->dead_letters,
                   "Every failed execution that nobody has retried or discarded, the oldest first");
  takes_reference(command.add_option("-w,--workflow", selection->workflow, "Of these, only this workflow's"), {"workflow"})
      ->type_name("NAME");
  command.add_option("--code", selection->code, "Of these, only those that failed with this error code")->type_name("CODE");
  command.add_option("--since", selection->since, "Of these, only those that failed within this time (2h) or since an instant")
      ->type_name("TIME");
  command.add_option("--limit", selection->limit, "Of these, at most so many")->check(between(1, 100'000))->type_name("COUNT");
  return selection;
}

}  // namespace

void add_execution_retry(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "retry", "Run a failed or cancelled execution's event again, as a new execution",
                               "ipaas execution retry ex_01jd2c --from-failed\n"
                               "  ipaas execution retry --dead-letter -w order-alerts --code timeout --since 2h");
  const auto selection = add_selection(command);
  const auto from_failed = std::make_shared<bool>(false);
  const auto newest = std::make_shared<bool>(false);
  command.add_flag("--from-failed", *from_failed, "Keep the results of steps that have finished; go on where it failed");
  command.add_flag("--newest", *newest, "Under the workflow's newest version (default: the one that failed)");
  line.on(command, {[=](const Context& context) {
            return care_for(context, {"retry", "retried", {{"from_failed", *from_failed}, {"newest", *newest}}}, *selection);
          }});
}

void add_execution_discard(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "discard", "Give up on a failed execution: it is no dead letter any more",
                               "ipaas execution discard ex_01jd2c\n"
                               "  ipaas execution discard --dead-letter --code input_invalid --yes");
  const auto selection = add_selection(command);
  line.on(command, {[=](const Context& context) { return care_for(context, {"discard", "discarded"}, *selection); }});
}

}  // namespace ipaas::cli
