// ipaas admin: the instance itself.
#include <array>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

struct Row {
  std::string_view key;
  std::string_view title;
};
constexpr std::array<Row, 14> kRows = {{{"version", "version"},
                                        {"started_at", "started"},
                                        {"listen", "listens on"},
                                        {"public_url", "public address"},
                                        {"socket", "socket"},
                                        {"store", "store"},
                                        {"workflows", "workflows"},
                                        {"executions", "executions"},
                                        {"live_executions", "live executions"},
                                        {"backlog_cap", "backlog cap"},
                                        {"outbox", "outbox"},
                                        {"calls_in_flight", "calls in flight"},
                                        {"workers", "workers"},
                                        {"draining", "draining"}}};
constexpr std::size_t kTitleWidth = 17;

Outcome status(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get("/api/v1/status");
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
    return ExitCode::kOk;
  }
  if (context.print.format() == OutputFormat::kName) {
    context.print.line("daemon/" + text_of(answer->data, "socket"));
    return ExitCode::kOk;
  }
  for (const Row& row : kRows) {
    std::string title(row.title);
    title.resize(kTitleWidth, ' ');
    const std::string value = text_of(answer->data, row.key);
    std::string shown = value.empty() ? "-" : escape_control(value);
    if (row.key == "started_at") {
      shown += " (up " + short_duration(Duration(number_of(answer->data, "uptime_ms"))) + ")";
    }
    context.world.out << title << shown << '\n';
  }
  return ExitCode::kOk;
}

}  // namespace

void add_admin(CommandLine& line) {
  CLI::App& group = line.add_group("admin", "Look after the daemon");
  line.on(line.add(group, "status", "What the daemon is doing", "ipaas admin status -o json"), {status});
}

}  // namespace ipaas::cli
