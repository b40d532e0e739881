// Which workflow a webhook's path means.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/store/store.h"
#include "daemon/runtime/definition_cache.h"

namespace ipaas::daemon {

/// A workflow with a webhook, and its newest version.
struct Webhook : domain::WebhookTrigger {
  language::WorkflowPtr definition;  ///< null where it could not be read
};

/// Thread-safe; a lookup does no I/O.
class TriggerIndex {
 public:
  explicit TriggerIndex(DefinitionCache& definitions) : definitions_(definitions) {}

  /// Reads everything anew. What was there stays in force when it fails. Of two at the same time the later one counts.
  [[nodiscard]] Result<void> reload(store::Reader& reader) { return reload(reader, reader); }
  [[nodiscard]] Result<void> reload(store::InstanceReader& reader, store::TenantReader& definitions);

  using TriggerPtr = std::shared_ptr<const Webhook>;

  /// Null when there is none.
  [[nodiscard]] TriggerPtr by_id(std::string_view workflow) const;
  [[nodiscard]] TriggerPtr by_name(std::string_view tenant, std::string_view workflow) const;

 private:
  struct Tables {
    std::unordered_map<std::string, TriggerPtr> by_id;
    std::unordered_map<std::string, TriggerPtr> by_path;  ///< `tenant/name`
  };
  [[nodiscard]] std::shared_ptr<const Tables> tables() const;
  [[nodiscard]] language::WorkflowPtr definition_of(const domain::WebhookTrigger& trigger, const Tables& before,
                                                    store::TenantReader& reader);

  DefinitionCache& definitions_;
  std::atomic<std::uint64_t> tickets_{0};
  mutable std::mutex mutex_;  ///< guards tables_ and newest_
  std::uint64_t newest_ = 0;  ///< ticket of the reload that made tables_
  std::shared_ptr<const Tables> tables_ = std::make_shared<Tables>();
};

}  // namespace ipaas::daemon
