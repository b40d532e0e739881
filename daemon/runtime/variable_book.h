// Every variable of every tenant, for the executions that begin.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "core/language/workflow.h"
#include "core/store/store.h"

namespace ipaas::daemon {

/// Thread-safe.
class VariableBook {
 public:
  /// Reads everything anew. What was there stays in force when it fails. Of two at the same time the later one counts.
  [[nodiscard]] Result<void> reload(store::InstanceReader& reader);

  /// What the `vars` of an execution of this workflow are: as far as it names them, an object by name.
  [[nodiscard]] Json for_workflow(const TenantId& tenant, const language::Workflow& workflow) const;

 private:
  /// By the name in lower case.
  using Page = std::map<std::string, domain::Variable>;
  using Pages = std::map<TenantId, Page>;

  std::atomic<std::uint64_t> tickets_{0};
  mutable std::mutex mutex_;  ///< guards pages_ and newest_
  std::uint64_t newest_ = 0;  ///< ticket of the reload that made pages_
  std::shared_ptr<const Pages> pages_ = std::make_shared<Pages>();
};

}  // namespace ipaas::daemon
