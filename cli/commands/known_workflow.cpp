#include "cli/commands/known_workflow.h"

#include <vector>

#include "cli/output/fields.h"
#include "core/language/suggest.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kWorkflows = "/api/v1/workflows";

/// The list is for the suggestion only, so a failure to get it is none.
std::string hint_for_workflow(const Client& client, const std::string& name) {
  std::vector<std::string> names;
  if (const auto known = client.get(std::string(kWorkflows))) {
    for (const Json& workflow : known->data) names.push_back(text_of(workflow, "name"));
  }
  std::string hint = language::did_you_mean(name, names);
  return hint.empty() ? "see `ipaas workflow list`" : hint;
}

}  // namespace

ResultOrErrors<void> require_workflow(const Client& client, const std::string& name) {
  const auto found = client.get(api_path(kWorkflows, name));
  if (found) return {};
  if (found.error().front().kind != ErrorKind::kNotFound) return tl::unexpected(found.error());
  return fail_with(
      {ErrorKind::kNotFound, "there is no workflow `" + name + "`", hint_for_workflow(client, name), "not_found"});
}

}  // namespace ipaas::cli
