#include "cli/commands/set_flags.h"

namespace ipaas::cli {

void add_set_flags(CLI::App& command, SetFlags& flags) {
  command.add_option("--set", flags.name, "The set that these workflows belong to, such as the name of a repository")
      ->type_name("NAME");
  command.add_flag("--prune", flags.prune, "Delete the workflows of --set that are not among the files");
}

Result<void> check(const SetFlags& flags) {
  if (flags.name && flags.name->empty()) {
    return tl::unexpected(usage_error("--set has no name", "is a variable of the script empty?"));
  }
  if (flags.prune && !flags.name) {
    return tl::unexpected(usage_error("--prune needs --set", "name the set that the files are all of"));
  }
  return {};
}

Json apply_request(const std::vector<WorkflowDocument>& documents, const SetFlags& flags) {
  Json request;
  request["documents"] = Json::array();
  for (const WorkflowDocument& document : documents) {
    request["documents"].push_back({{"file", document.file}, {"source", document.workflow->source}});
  }
  request["set"] = flags.name.value_or("");
  request["prune"] = flags.prune;
  return request;
}

}  // namespace ipaas::cli
