// ipaas run: start an execution by hand.
#include <memory>
#include <ostream>
#include <set>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/commands/watch.h"
#include "cli/input.h"
#include "cli/output/execution_text.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

struct Flags {
  std::string workflow;
  std::vector<std::string> inputs;
  std::string file;
  bool wait = false;
  bool follow = false;
};

/// The file's inputs, and over them those of `-i`, as texts: the daemon reads them as their declared type.
Result<Json> inputs_of(const World& world, const Flags& flags) {
  Json inputs = Json::object();
  if (!flags.file.empty()) {
    Result<Json> read = read_json_object(world, flags.file);
    if (!read) return read;
    inputs = std::move(*read);
  }
  std::set<std::string> named;
  for (const std::string& pair : flags.inputs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(usage_error("-i takes a name and a value", "write -i city=Paris"));
    }
    std::string name = pair.substr(0, equals);
    if (!named.insert(name).second) {
      return tl::unexpected(usage_error("-i gives the input `" + name + "` twice", "say it once"));
    }
    inputs[std::move(name)] = pair.substr(equals + 1);
  }
  return inputs;
}

Outcome run(const Context& context, const Flags& flags) {
  Result<Json> inputs = inputs_of(context.world, flags);
  if (!inputs) return fail_with(inputs.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json request;
  request["inputs"] = std::move(*inputs);
  const auto started = client->post(api_path("/api/v1/workflows", flags.workflow, "run"), request);
  if (!started) return tl::unexpected(started.error());
  const std::string id = text_of(started->data, "id");
  // Said at once: Ctrl-C ends the waiting, and then the id is what is left to find the execution by.
  if (flags.follow || flags.wait) context.print.note("execution " + id + " started");
  if (flags.follow) return follow_execution(context, *client, id);
  if (flags.wait) return wait_and_print(context, *client, id, Duration::zero());
  context.print.one(
      {"execution",
       "id",
       {field("ID", "id"), field("WORKFLOW", "workflow"), field("VERSION", "version"), field("STATUS", "status")}},
      started->data);
  if (context.world.err_is_terminal) context.print.note("see it run: ipaas execution watch " + id);
  return ExitCode::kOk;
}

}  // namespace

void add_run(CommandLine& line) {
  CLI::App& command =
      line.add(line.app(), "run", "Start an execution", "ipaas run order-alerts -i city=Paris --follow");
  const auto flags = std::make_shared<Flags>();
  takes_reference(command.add_option("NAME", flags->workflow, "The workflow's name"), {"workflow"})
      ->required()
      ->type_name("");
  command.add_option("-i,--input", flags->inputs, "One input; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  command.add_option("--inputs", flags->file, "A JSON object of inputs in a file, or - for standard input")
      ->type_name("FILE");
  CLI::Option* wait = command.add_flag("--wait", flags->wait, "Wait until it has ended; exits 7 if it failed");
  command.add_flag("--follow", flags->follow, "Wait, and show its log as it comes")->excludes(wait);
  line.on(command, {[flags](const Context& context) { return run(context, *flags); }});
}

}  // namespace ipaas::cli
