// ipaas credential: secrets that connectors and webhooks use. Their values are never shown again.
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/commands/reference.h"
#include "cli/credential_prompt.h"
#include "cli/input.h"
#include "cli/output/fields.h"
#include "core/connectors/catalog.h"
#include "core/language/suggest.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kCredentials = "/api/v1/credentials";

struct CreateFlags {
  std::string name;
  std::string type;
  std::string file;
};

View credentials_view(Instant now) {
  return {"credential",
          "name",
          {field("NAME", "name"), field("TYPE", "type"), age_field("CHANGED", "updated_at", now),
           wide_field("CREATED", "created_at"), wide_field("ID", "id")}};
}

Error unknown_type(const connectors::Catalog& catalog, const std::string& type) {
  std::vector<std::string_view> names;
  for (const connectors::CredentialType& known : catalog.credential_types()) names.push_back(known.name);
  std::string hint = language::did_you_mean(type, names);
  if (hint.empty()) {
    hint = "one of ";
    for (const std::string_view name : names) hint.append(name).append(name == names.back() ? "" : ", ");
  }
  return {ErrorKind::kInvalid, "unknown credential type `" + type + "`", hint, "unknown_credential_type"};
}

/// From the file, or from a person at the terminal.
Result<Json> fields_of(const Context& context, const connectors::CredentialType& type, const std::string& file) {
  if (!file.empty()) return read_json_object(context.world, file);
  if (context.world.in_is_terminal) return ask_for_fields(context.world, type);
  return tl::unexpected(usage_error("the credential's fields are missing",
                                    "give a JSON object with --from-file FILE, or - for standard input"));
}

Outcome create(const Context& context, const CreateFlags& flags) {
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  const connectors::CredentialType* type = catalog->credential_type(flags.type);
  if (type == nullptr) return fail_with(unknown_type(*catalog, flags.type));
  // Where the daemon is must be clear before somebody types a secret.
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  auto fields = fields_of(context, *type, flags.file);
  if (!fields) return fail_with(fields.error());
  if (const auto checked = connectors::check_credential(*type, *fields); !checked) return fail_with(checked.error());
  Json request;
  request["name"] = flags.name;
  request["type"] = flags.type;
  request["fields"] = std::move(*fields);
  const auto answer = client->post(std::string(kCredentials), request);
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data);
  } else {
    context.print.line("credential/" + flags.name + (context.print.format() == OutputFormat::kName ? "" : " created"));
  }
  return ExitCode::kOk;
}

Outcome list(const Context& context) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  const auto answer = client->get(std::string(kCredentials));
  if (!answer) return tl::unexpected(answer.error());
  context.print.list(credentials_view(context.world.clock.now()), answer->data);
  return ExitCode::kOk;
}

Outcome remove(const Context& context, const std::string& name) {
  const auto client = context.client();
  if (!client) return tl::unexpected(client.error());
  if (const auto sure = context.confirm("delete the credential " + name); !sure) return fail_with(sure.error());
  const auto answer = client->remove(api_path(kCredentials, name));
  if (!answer) return tl::unexpected(answer.error());
  if (context.print.structured()) {
    context.print.structure(answer->data.is_object() ? answer->data : Json{{"name", name}});
  } else {
    context.print.line("credential/" + name + (context.print.format() == OutputFormat::kName ? "" : " deleted"));
  }
  return ExitCode::kOk;
}

void add_create(CommandLine& line, CLI::App& group) {
  CLI::App& command =
      line.add(group, "create", "Store a credential; its values come from a prompt or a file, never from an argument",
               "ipaas credential create shop-api --type bearer --from-file token.json\n"
               "  (token.json: {\"token\": \"…\"})");
  const auto flags = std::make_shared<CreateFlags>();
  takes_reference(command.add_option("NAME", flags->name, "What workflows call it"), {"credential"})
      ->required()
      ->type_name("");
  command.add_option("--type", flags->type, "generic, bearer, basic, api-key, slack …")->required()->type_name("TYPE");
  command
      .add_option("--from-file", flags->file,
                  "A JSON object of its fields, or - for standard input; without it a terminal is asked")
      ->type_name("FILE");
  line.on(command, {[flags](const Context& context) { return create(context, *flags); }});
}

}  // namespace

void add_credential(CommandLine& line) {
  CLI::App& group = line.add_group("credential", "Store and delete credentials; values are never shown again");
  add_create(line, group);
  line.on(line.add(group, "list", "Names and types, without values", "ipaas credential list"), {list});
  CLI::App& command =
      line.add(group, "delete", "Delete a credential that no workflow names", "ipaas credential delete shop-api");
  const auto name = std::make_shared<std::string>();
  takes_reference(command.add_option("NAME", *name, "Its name"), {"credential"})->required()->type_name("");
  line.on(command, {[name](const Context& context) { return remove(context, *name); }});
}

}  // namespace ipaas::cli
