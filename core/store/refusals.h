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
[[nodiscard]] tl::unexpected<Error> no_credential(std::string_view name);
[[nodiscard]] tl::unexpected<Error> no_tenant(std::string_view name);
[[nodiscard]] tl::unexpected<Error> credential_exists(std::string_view name);
[[nodiscard]] tl::unexpected<Error> id_taken();

/// Refuses two items of one name.
[[nodiscard]] Result<void> check_names(const SaveWorkflows& write);

[[nodiscard]] inline Outcome stale() {
  return Outcome{.kind = Outcome::Kind::kStale};
}
[[nodiscard]] inline Outcome duplicate_of(ExecutionId id) {
  return Outcome{.kind = Outcome::Kind::kDuplicate, .duplicate_of = std::move(id)};
}

}  // namespace ipaas::store
