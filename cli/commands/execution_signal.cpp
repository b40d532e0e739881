#include "cli/commands/execution_signal.h"

#include <memory>

#include "cli/commands/reference.h"
#include "cli/input.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

struct Flags {
  std::string id;
  std::string step;
  std::string data;
};

Result<Json> data_of(const World& world, const std::string& given) {
  if (given.empty()) return Json();
  std::string text = given;
  if (given == "-") {
    auto read = read_input(world, given);
    if (!read) return tl::unexpected(read.error());
    text = *std::move(read);
  }
  auto value = parse_json(text);
  if (value) return value;
  return fail(ErrorKind::kInvalid, "--data is not JSON: " + value.error().message, "a text has quotes: --data '\"yes\"'", "input_invalid");
}

Outcome signal(const Context& context, const Flags& flags) {
  auto data = data_of(context.world, flags.data);
  if (!data) return fail_with(data.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->post(api_path("/api/v1/executions", flags.id, "signal"), Json{{"step", flags.step}, {"data", *std::move(data)}});
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    context.print.line("execution/" + flags.id + (context.print.format() == OutputFormat::kName ? "" : " " + text_of(answer->data, "decision")));
  }
  return ExitCode::kOk;
}

}  // namespace

void add_execution_signal(CommandLine& line, CLI::App& execution) {
  CLI::App& command = line.add(execution, "signal", "Answer the callback that a step waits for, as a request to its link would",
                               "ipaas execution signal ex_01jd2c --step paid --data '{\"amount\": 12}'");
  const auto flags = std::make_shared<Flags>();
  takes_reference(command.add_option("ID", flags->id, "The execution's id (ex_…)"), {"execution"})->required()->type_name("");
  command.add_option("--step", flags->step, "The path of the step, such as paid or orders[3].paid")->required()->type_name("STEP");
  command.add_option("--data", flags->data, "JSON that becomes the step's outputs, or - for standard input (null)")->type_name("JSON");
  line.on(command, {[flags](const Context& context) { return signal(context, *flags); }});
}

}  // namespace ipaas::cli
