// Parsed workflow versions, so that a webhook does not wait for the disk.
#pragma once

#include <map>
#include <mutex>

#include "core/language/action_catalog.h"
#include "core/language/workflow.h"
#include "core/store/store.h"

namespace ipaas::daemon {

/// Versions never change, so an entry never goes stale. Thread-safe.
class DefinitionCache {
 public:
  explicit DefinitionCache(const language::ActionCatalog& catalog) : catalog_(catalog) {}

  /// What is known already, or null. Does no I/O.
  [[nodiscard]] language::WorkflowPtr peek(const WorkflowId& workflow, int version) const;

  /// Reads and parses what is not known.
  [[nodiscard]] Result<language::WorkflowPtr> get(store::TenantReader& reader, const TenantId& tenant,
                                                  const WorkflowId& workflow, int version);

 private:
  using Key = std::pair<WorkflowId, int>;

  const language::ActionCatalog& catalog_;
  mutable std::mutex mutex_;  ///< guards known_
  std::map<Key, language::WorkflowPtr> known_;
};

}  // namespace ipaas::daemon
