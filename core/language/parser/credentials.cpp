#include "core/language/parser/credentials.h"

#include <algorithm>

namespace ipaas::language {

void use_credential(Reading& reading, Workflow& workflow, const std::string& name,
                    const std::vector<std::string>& types, SourcePosition position) {
  const auto used = std::find_if(workflow.credentials.begin(), workflow.credentials.end(),
                                 [&](const CredentialUse& use) { return use.name == name; });
  if (used == workflow.credentials.end()) {
    workflow.credentials.push_back({name, types, position});
    return;
  }
  std::vector<std::string> fit;
  for (const std::string& type : used->types) {
    if (std::find(types.begin(), types.end(), type) != types.end()) fit.push_back(type);
  }
  if (!fit.empty()) {
    used->types = std::move(fit);
    return;
  }
  reading.report.add(position, "credential_conflict",
                     "the credential " + shown(name) + " cannot be of type `" + types.front() + "` here, as line " +
                         std::to_string(used->position.line) + " uses it as `" + used->types.front() + "`",
                     "name another credential");
}

}  // namespace ipaas::language
