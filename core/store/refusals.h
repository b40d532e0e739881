// Why a store refuses, in the same words from every store.
#pragma once

#include <string_view>

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/store/writer.h"

namespace ipaas::store {

[[nodiscard]] tl::unexpected<Error> no_workflow(std::string_view name);
[[nodiscard]] tl::unexpected<Error> no_workflow(const WorkflowId& id);
[[nodiscard]] tl::unexpected<Error> no_version(const WorkflowId& workflow, int number);
[[nodiscard]] tl::unexpected<Error> no_execution(const ExecutionId& id);
[[nodiscard]] tl::unexpected<Error> no_step(const ExecutionId& id, std::string_view path);
[[nodiscard]] tl::unexpected<Error> no_child(const domain::Parent& parent);
/// The payloads went before the execution did.
[[nodiscard]] tl::unexpected<Error> payloads_forgotten(const ExecutionId& id);
[[nodiscard]] tl::unexpected<Error> no_delivery(const EventId& id);
[[nodiscard]] tl::unexpected<Error> no_credential(std::string_view name);
[[nodiscard]] tl::unexpected<Error> no_variable(std::string_view name);
[[nodiscard]] tl::unexpected<Error> no_tenant(std::string_view name);
[[nodiscard]] tl::unexpected<Error> credential_exists(std::string_view name);
[[nodiscard]] tl::unexpected<Error> id_taken();

/// What was to be pruned has been deleted, moved to another set, or is applied in the same breath.
[[nodiscard]] tl::unexpected<Error> not_in_set(std::string_view name, std::string_view set);

/// Refuses two items of one name, and one that is to be pruned, too.
[[nodiscard]] Result<void> check_names(const SaveWorkflows& write);

[[nodiscard]] inline Outcome stale() {
  return Outcome{.kind = Outcome::Kind::kStale};
}
[[nodiscard]] inline Outcome duplicate_of(ExecutionId id) {
  return Outcome{.kind = Outcome::Kind::kDuplicate, .duplicate_of = std::move(id)};
}

}  // namespace ipaas::store
