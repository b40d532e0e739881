#include "cli/credential_prompt.h"

#include <algorithm>
#include <istream>
#include <ostream>

namespace ipaas::cli {
namespace {

using connectors::CredentialField;
using connectors::CredentialType;

/// Another field of the same choice was given already.
bool is_settled(const CredentialType& type, const std::string& name, const Json& given) {
  return std::ranges::any_of(type.one_of, [&](const std::vector<std::string>& choice) {
    return std::ranges::find(choice, name) != choice.end() &&
           std::ranges::any_of(choice, [&](const std::string& other) { return given.contains(other); });
  });
}

std::string prompt_of(const CredentialField& field) {
  std::string prompt = field.name;
  if (!field.description.empty()) prompt += " (" + field.description + ")";
  return prompt + (field.required ? ": " : ", or Enter for none: ");
}

Result<std::string> ask(const World& world, const CredentialField& field) {
  if (field.secret) {
    Result<Secret> secret = world.read_secret(prompt_of(field));
    if (!secret) return tl::unexpected(secret.error());
    return std::string(secret->reveal());
  }
  world.err << prompt_of(field) << std::flush;
  std::string line;
  if (!std::getline(world.in, line)) {
    return fail(ErrorKind::kInvalid, "the input ended before all fields were given", "use --from-file");
  }
  return line;
}

}  // namespace

Result<Json> ask_for_fields(const World& world, const CredentialType& type) {
  Json fields = Json::object();
  for (const CredentialField& field : type.fields) {
    if (is_settled(type, field.name, fields)) continue;
    Result<std::string> value = ask(world, field);
    if (!value) return tl::unexpected(value.error());
    if (!value->empty()) fields[field.name] = std::move(*value);
  }
  return fields;
}

}  // namespace ipaas::cli
