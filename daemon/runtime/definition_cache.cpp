#include "daemon/runtime/definition_cache.h"

#include "core/service/workflows.h"

namespace ipaas::daemon {
namespace {

/// A definition takes some 10 KiB. Beyond this many it is cheaper to start over than to keep order of use.
constexpr std::size_t kMostKnown = 1024;

}  // namespace

language::WorkflowPtr DefinitionCache::peek(const WorkflowId& workflow, int version) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find({workflow, version});
  return found == known_.end() ? nullptr : found->second;
}

Result<language::WorkflowPtr> DefinitionCache::get(store::TenantReader& reader, const TenantId& tenant,
                                                   const WorkflowId& workflow, int version) {
  if (auto known = peek(workflow, version)) return known;
  auto definition = service::definition_of(reader, catalog_, tenant, workflow, version);
  if (!definition) return definition;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_[{workflow, version}] = *definition;
  return definition;
}

}  // namespace ipaas::daemon
