// Which workflows the end of another one starts.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/domain/execution.h"
#include "core/store/store.h"

namespace ipaas::daemon {

/// Thread-safe; a lookup does no I/O.
class ListenerIndex {
 public:
  /// Reads everything anew. What was there stays in force when it fails. Of two at the same time the later one counts.
  [[nodiscard]] Result<void> reload(store::InstanceReader& reader);

  /// Those that wait for such an end, as of their newest versions.
  [[nodiscard]] std::vector<domain::EndListener> listeners(const domain::Execution& ended) const;

 private:
  using Table = std::map<TenantId, std::vector<domain::EndListener>>;

  std::atomic<std::uint64_t> tickets_{0};
  mutable std::mutex mutex_;  ///< guards table_ and newest_
  std::uint64_t newest_ = 0;  ///< ticket of the reload that made table_
  std::shared_ptr<const Table> table_ = std::make_shared<Table>();
};

}  // namespace ipaas::daemon
