// ipaas diff: what apply would change.
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/output/difference_markdown.h"
#include "cli/output/difference_text.h"
#include "cli/unified_diff.h"
#include "cli/secret_literals.h"
#include "cli/workflow_changes.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr ExitCode kDiffers = ExitCode::kFailed;
constexpr const char* kMarkdown = "markdown";

struct Flags {
  FileFlags files;
  SetFlags set;
  bool unified = false;
};

bool differs(const WorkflowChange& change) {
  return change.action != "unchanged" || !change.left_set.empty();
}

Colour colour_of_mark(char mark) {
  switch (mark) {
    case '+':
      return Colour::kGreen;
    case '-':
      return Colour::kRed;
    case '~':
      return Colour::kYellow;
    case '@':
      return Colour::kCyan;
    default:
      return Colour::kNone;
  }
}

void print_unified(const Context& context, const WorkflowChange& change, const security::Masker& masker) {
  const Style& style = context.print.style();
  const std::string before =
      change.version.empty() ? "/dev/null" : "live/" + change.name + " (version " + change.version + ")";
  const std::string after = change.file.empty() ? "/dev/null" : change.file;
  std::ostream& out = context.world.out;
  out << style.paint(Colour::kBold, "--- " + escape_control(before)) << '\n'
      << style.paint(Colour::kBold, "+++ " + escape_control(after)) << '\n';
  const std::string text = masker.mask(unified_diff(change.before, change.after));
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    out << style.paint(colour_of_mark(line.empty() ? ' ' : line.front()), escape_control(line)) << '\n';
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
}

std::string title_of(const WorkflowChange& change, const std::string& set) {
  std::string title = change.name + ": " + change.action;
  if (change.action == "updated") title += " from version " + change.version;
  if (!change.file.empty()) title += " by " + change.file;
  if (!change.left_set.empty()) title += ", moves from the set " + change.left_set + " to " + set;
  return title;
}

void print_changes(const Context& context, const WorkflowChange& change, const std::string& set,
                   const security::Masker& masker) {
  const Style& style = context.print.style();
  std::ostream& out = context.world.out;
  const char mark = change.action == "created" ? '+' : change.action == "pruned" ? '-' : '~';
  out << style.paint(colour_of_mark(mark), std::string(1, mark)) << ' '
      << style.paint(Colour::kBold, escape_control(title_of(change, set))) << '\n';
  if (change.action == "unchanged") return;
  if (!change.changes || change.changes->empty()) {
    out << "    "
        << (change.changes ? "only the text differs (comments or layout)"
                           : "the texts cannot be compared: see --unified")
        << '\n';
    return;
  }
  for (const DifferenceLine& line : difference_lines(*change.changes, masker, ChangeLayout::kOneLine)) {
    out << "    " << style.paint(colour_of_mark(line.mark), std::string(1, line.mark) + ' ' + escape_control(line.text))
        << '\n';
  }
}

Json json_of(const WorkflowChange& change, const security::Masker& masker) {
  Json row = {{"name", change.name}, {"file", change.file}, {"action", change.action}};
  row["version"] = change.version.empty() ? Json() : parse_json(change.version).value_or(Json());
  if (!change.left_set.empty()) row["left_set"] = change.left_set;
  row["changes"] = Json::array();
  for (const language::Change& full : change.changes.value_or(std::vector<language::Change>())) {
    language::Change safe = masked(full, masker);
    row["changes"].push_back({{"path", safe.path},
                              {"kind", language::change_name(safe.kind)},
                              {"before", std::move(safe.before)},
                              {"after", std::move(safe.after)}});
  }
  row["diff"] = masker.mask(unified_diff(change.before, change.after));
  return row;
}

void print(const Context& context, const Flags& flags, const std::vector<WorkflowChange>& changes,
           const Errors& refusals) {
  std::vector<std::string_view> texts;
  for (const WorkflowChange& change : changes) texts.insert(texts.end(), {change.before, change.after});
  const security::Masker masker = workflow_masker(texts);
  if (context.options.output == kMarkdown) {
    context.world.out << difference_markdown(changes, refusals, masker);
    return;
  }
  if (context.print.structured()) {
    Json rows = Json::array();
    for (const WorkflowChange& change : changes) rows.push_back(json_of(change, masker));
    return context.print.structure(rows);
  }
  for (const WorkflowChange& change : changes) {
    if (!differs(change)) continue;
    if (context.print.format() == OutputFormat::kName) {
      context.print.line("workflow/" + change.name);
    } else if (flags.unified) {
      print_unified(context, change, masker);
    } else {
      print_changes(context, change, flags.set.name.value_or(""), masker);
    }
  }
}

Outcome diff(const Context& context, const Flags& flags) {
  if (const auto usable = check(flags.set); !usable) return fail_with(usable.error());
  const auto documents = workflows_of(context, flags.files);
  if (!documents) return documents.error();
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto changes = changes_of(*client, *documents, flags.set);
  if (!changes) return refuse_files(context, flags.files, changes.error());
  const auto refusals = refusals_of(*client, *documents, flags.set);
  if (!refusals) return refuse_files(context, flags.files, refusals.error());
  if (const auto warned = warn_of(context, flags.files, *refusals); !warned) return warned.error();
  print(context, flags, *changes, *refusals);
  return std::ranges::any_of(*changes, differs) ? kDiffers : ExitCode::kOk;
}

}  // namespace

void add_diff(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "diff", "Show what apply would change; exits 0 if nothing, 1 if something",
                               "ipaas diff -f order-alerts.yaml");
  const auto flags = std::make_shared<Flags>();
  add_file_flags(command, flags->files);
  add_set_flags(command, flags->set);
  command.add_flag("--unified", flags->unified, "Show the lines of the text instead of what they say");
  // 1 says that something differs, so a failure is at least 2, as with diff(1).
  line.on(command, {[flags](const Context& context) { return diff(context, *flags); }, {kMarkdown}, ExitCode::kUsage});
}

}  // namespace ipaas::cli
