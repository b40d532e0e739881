// ipaas diff: what apply would change.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/file_flags.h"
#include "cli/output/fields.h"
#include "cli/unified_diff.h"
#include "cli/workflow_files.h"
#include "cli/workflow_warnings.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr ExitCode kDiffers = ExitCode::kFailed;

Colour colour_of_line(std::string_view line) {
  if (line.starts_with("@@")) return Colour::kCyan;
  if (line.starts_with("+")) return Colour::kGreen;
  if (line.starts_with("-")) return Colour::kRed;
  return Colour::kNone;
}

void print_diff(const Context& context, const Json& change) {
  const Style& style = context.print.style();
  const std::string name = text_of(change, "name");
  const std::string version = text_of(change, "version");
  const std::string before = version.empty() ? "/dev/null" : "live/" + name + " (version " + version + ")";
  std::ostream& out = context.world.out;
  out << style.paint(Colour::kBold, "--- " + escape_control(before)) << '\n'
      << style.paint(Colour::kBold, "+++ " + escape_control(text_of(change, "file"))) << '\n';
  const std::string text = text_of(change, "diff");
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    out << style.paint(colour_of_line(line), escape_control(line)) << '\n';
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
}

/// One workflow against the live one: {name, file, action, version, diff}.
ResultOrErrors<Json> compare(const Client& client, const WorkflowDocument& document) {
  const language::Workflow& workflow = *document.workflow;
  const auto live = client.get(api_path("/api/v1/workflows", workflow.name));
  if (!live && live.error().front().kind != ErrorKind::kNotFound) return tl::unexpected(live.error());
  const std::string text = unified_diff(live ? text_of(live->data, "source") : "", workflow.source);
  Json change;
  change["name"] = workflow.name;
  change["file"] = document.file;
  change["action"] = !live ? "created" : text.empty() ? "unchanged" : "updated";
  change["version"] = live ? member_of(live->data, "version") : Json();
  change["diff"] = text;
  return change;
}

void print_changes(const Context& context, const Json& changes) {
  if (context.print.structured()) return context.print.structure(changes);
  for (const Json& change : changes) {
    if (text_of(change, "action") == "unchanged") continue;
    if (context.print.format() == OutputFormat::kName) {
      context.print.line("workflow/" + text_of(change, "name"));
    } else {
      print_diff(context, change);
    }
  }
}

Outcome diff(const Context& context, const FileFlags& flags) {
  const auto documents = load_workflows(context.world, flags.paths, flags.recursive);
  if (!documents) return refuse_files(context, flags, documents.error());
  context.print.warn(warnings_of(*documents));
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json changes = Json::array();
  bool differs = false;
  for (const WorkflowDocument& document : *documents) {
    auto change = compare(*client, document);
    if (!change) return refuse_files(context, flags, change.error());
    differs = differs || text_of(*change, "action") != "unchanged";
    changes.push_back(std::move(*change));
  }
  print_changes(context, changes);
  return differs ? kDiffers : ExitCode::kOk;
}

}  // namespace

void add_diff(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "diff", "Show what apply would change; exits 0 if nothing, 1 if something",
                               "ipaas diff -f order-alerts.yaml");
  const auto flags = std::make_shared<FileFlags>();
  add_file_flags(command, *flags);
  // 1 says that something differs, so a failure is at least 2, as with diff(1).
  line.on(command, {[flags](const Context& context) { return diff(context, *flags); }, {}, ExitCode::kUsage});
}

}  // namespace ipaas::cli
