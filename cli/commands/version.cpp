// ipaas version: of this program and of the daemon, where one answers.
#include "core/base/version.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

Outcome version(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto status = client->get("/api/v1/status");
  const std::string daemon = status ? text_of(status->data, "version") : "";
  if (context.print.structured()) {
    Json versions;
    versions["client"] = {{"version", kVersion}};
    versions["daemon"] = status ? Json{{"version", daemon}} : Json();
    context.print.structure(versions);
    return ExitCode::kOk;
  }
  context.print.line("ipaas   " + std::string(kVersion));
  // Asking for the client's own version succeeds without a daemon.
  if (status) {
    context.print.line("ipaasd  " + daemon);
  } else {
    context.print.note("ipaasd  no answer at unix://" + client->socket());
  }
  return ExitCode::kOk;
}

}  // namespace

void add_version(CommandLine& line) {
  line.on(line.add(line.app(), "version", "The version of ipaas, and of the daemon if one answers",
                   "ipaas version -o json"),
          {version});
}

}  // namespace ipaas::cli
