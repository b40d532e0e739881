#include "core/store/refusals.h"

#include <set>

namespace ipaas::store {
namespace {

std::string in_quotes(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace

tl::unexpected<Error> no_workflow(std::string_view name) {
  return fail(ErrorKind::kNotFound, "there is no workflow " + in_quotes(name), "list them with: ipaas workflow list");
}

tl::unexpected<Error> no_workflow(const WorkflowId& id) {
  return fail(ErrorKind::kNotFound, "there is no workflow with the id " + id.str(),
              "list them with: ipaas workflow list");
}

tl::unexpected<Error> no_version(const WorkflowId& workflow, int number) {
  return fail(ErrorKind::kNotFound, "workflow " + workflow.str() + " has no version " + std::to_string(number));
}

tl::unexpected<Error> no_execution(const ExecutionId& id) {
  return fail(ErrorKind::kNotFound, "there is no execution " + id.str(), "list them with: ipaas execution list");
}

tl::unexpected<Error> no_step(const ExecutionId& id, std::string_view path) {
  return fail(ErrorKind::kNotFound, "the execution '" + id.str() + "' has no step '" + std::string(path) + "'");
}

tl::unexpected<Error> no_child(const domain::Parent& parent) {
  return fail(ErrorKind::kNotFound, "the effect " + parent.effect.str() + " has started no execution");
}

tl::unexpected<Error> payloads_forgotten(const ExecutionId& id) {
  return fail(ErrorKind::kConflict, "what the execution " + id.str() + " was given has been deleted, as its retention says",
              "send the event again, or start the workflow by hand with: ipaas run", "payloads_forgotten");
}

tl::unexpected<Error> no_delivery(const EventId& id) {
  return fail(ErrorKind::kNotFound, "the delivery '" + id.str() + "' does not exist");
}

tl::unexpected<Error> no_credential(std::string_view name) {
  return fail(ErrorKind::kNotFound, "there is no credential " + in_quotes(name),
              "list them with: ipaas credential list");
}

tl::unexpected<Error> no_variable(std::string_view name) {
  return fail(ErrorKind::kNotFound, "there is no variable " + in_quotes(name), "list them with: ipaas variable list");
}

tl::unexpected<Error> no_tenant(std::string_view name) {
  return fail(ErrorKind::kNotFound, "there is no tenant " + in_quotes(name));
}

tl::unexpected<Error> credential_exists(std::string_view name) {
  return fail(ErrorKind::kConflict, "there is a credential " + in_quotes(name) + " already",
              "give the new one another name, apply the workflows that use " + in_quotes(name) +
                  " with that name, and then: ipaas credential delete " + std::string(name));
}

tl::unexpected<Error> id_taken() {
  return fail(ErrorKind::kConflict, "the identifier is taken already");
}

tl::unexpected<Error> not_in_set(std::string_view name, std::string_view set) {
  return fail(ErrorKind::kConflict,
              "the workflow " + in_quotes(name) + " is not in the set " + in_quotes(set) + " any more; nothing was applied",
              "look at what would be pruned with --dry-run, and apply again", "set_changed");
}

Result<void> check_names(const SaveWorkflows& write) {
  std::set<std::string_view> names;
  std::set<std::string_view> pruned;
  for (const SaveWorkflows::Item& item : write.items) {
    if (!names.insert(item.name).second) {
      return fail(ErrorKind::kConflict, "two workflows are named " + in_quotes(item.name) + "; nothing was applied",
                  "give one of them another name", "duplicate_workflow");
    }
  }
  for (const std::string& name : write.prune) {
    if (names.contains(name) || !pruned.insert(name).second) return not_in_set(name, write.set);
  }
  return {};
}

}  // namespace ipaas::store
