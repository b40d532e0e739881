// ipaas variable: values that all workflows of a tenant read as vars.NAME.
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/input.h"
#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kVariables = "/api/v1/variables";
constexpr std::size_t kShownValue = 60;

struct SetFlags {
  std::string name;
  const CLI::Option* given = nullptr;  ///< the value, which may be empty
  std::string value;
  std::string file;
  bool json = false;
};

/// On one line, and not all of a long one.
std::string value_text(const Json& row) {
  const Json& value = member_of(row, "value");
  std::string text = value.is_string() ? value.get<std::string>() : dump_json(value);
  if (text.size() > kShownValue) text = text.substr(0, kShownValue - 1) + "…";
  return text;
}

View variables_view(Instant now) {
  return {"variable",
          "name",
          {field("NAME", "name"), {"VALUE", value_text}, age_field("CHANGED", "updated_at", now),
           wide_field("CHANGED AT", "updated_at")}};
}

Result<Json> value_of(const World& world, const SetFlags& flags) {
  if (flags.given->empty() == flags.file.empty()) {
    return tl::unexpected(usage_error(flags.file.empty() ? "the variable's value is missing" : "the value is given twice",
                                      "write VALUE, or --from-file FILE, or --from-file - for standard input"));
  }
  Result<std::string> text = flags.file.empty() ? Result<std::string>(flags.value) : read_input(world, flags.file);
  if (!text) return tl::unexpected(text.error());
  // The line end that an editor or a shell's echo adds is no part of the value.
  if (!flags.file.empty() && text->ends_with('\n')) text->pop_back();
  if (!flags.file.empty() && text->ends_with('\r')) text->pop_back();
  if (!flags.json) return Json(*std::move(text));
  auto value = parse_json(*text);
  if (value) return value;
  Error error = value.error();
  error.message = "the value is not JSON: " + error.message;
  error.hint = "leave --json away for a text";
  return tl::unexpected(std::move(error));
}

Outcome set(const Context& context, const SetFlags& flags) {
  auto value = value_of(context.world, flags);
  if (!value) return fail_with(value.error());
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  Json request;
  request["value"] = std::move(*value);
  const auto answer = client->put(api_path(kVariables, flags.name), request);
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    context.print.line("variable/" + text_of(answer->data, "name") +
                       (context.print.format() == OutputFormat::kName ? "" : " set"));
  }
  return ExitCode::kOk;
}

Outcome list(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(std::string(kVariables));
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(variables_view(context.world.clock.now()), answer->data);
  return ExitCode::kOk;
}

Outcome remove(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (const auto sure = context.confirm("delete the variable " + name); !sure) return fail_with(sure.error());
  const auto answer = client->remove(api_path(kVariables, name));
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    context.print.line("variable/" + name + (context.print.format() == OutputFormat::kName ? "" : " deleted"));
  }
  return ExitCode::kOk;
}

void add_set(CommandLine& line, CLI::App& group) {
  CLI::App& command = line.add(group, "set", "Set a variable; executions that begin from now on see it",
                               "ipaas variable set region eu-west\n"
                               "  ipaas variable set limits --json '{\"orders\": 100}'");
  const auto flags = std::make_shared<SetFlags>();
  takes_reference(command.add_option("NAME", flags->name, "Its name; letter case does not count"), {"variable"})
      ->required()
      ->type_name("");
  flags->given = command.add_option("VALUE", flags->value, "Its value, a text")->type_name("");
  command.add_option("--from-file", flags->file, "The value in a file, or - for standard input")->type_name("FILE");
  command.add_flag("--json", flags->json, "The value is JSON: a number, true, a list, an object …");
  line.take_signed(command);
  line.on(command, {[flags](const Context& context) { return set(context, *flags); }});
}

}  // namespace

void add_variable(CommandLine& line) {
  CLI::App& group = line.add_group("variable", "Values that all workflows read as vars.NAME; not for secrets");
  add_set(line, group);
  line.on(line.add(group, "list", "All variables with their values", "ipaas variable list"), {list});
  CLI::App& command = line.add(group, "delete", "Delete a variable; workflows read null then", "ipaas variable delete region");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "Its name"), {"variable"})->required()->type_name("");
  line.on(command, {[name](const Context& context) { return remove(context, *name); }});
}

}  // namespace ipaas::cli
