// Deletes what has been kept long enough, a little at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/service/retention.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/worker_pool.h"
#include "daemon/telemetry/log.h"

namespace ipaas::daemon {

/// A round a minute: by age as the tenant and its workflows say, and then the oldest ended executions as long as the
/// database is larger than it may be. Each slice is a unit of work among those of everybody else, with a pause after it.
/// One step follows the other, on whichever thread it needs; only stop() may be called besides.
class RetentionKeeper {
 public:
  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    DefinitionCache& definitions;
    WorkerPool& threads;  ///< that may read
    const Clock& clock;
    /// Runs a task, which must not block, at an instant.
    std::function<void(Instant, std::function<void()>)> at;
    const Log& log;
    std::vector<TenantId> tenants;
    service::RetentionPolicy policy;
    std::optional<std::uint64_t> max_bytes;  ///< of the database; nothing: it may grow
  };

  explicit RetentionKeeper(Parts parts) : parts_(std::move(parts)) {}

  void start();
  /// No further step begins.
  void stop() { stopped_ = true; }

 private:
  using Step = void (RetentionKeeper::*)();
  void later(Duration pause, Step step);
  void on_reading_thread(Step step);

  void begin_round();
  void plan();
  void purge_next();
  void purged(const Result<store::Outcome>& outcome);
  void look_at_size();
  void make_room();
  void end_round();
  [[nodiscard]] Result<std::vector<service::RetainedWorkflow>> workflows_of(store::Reader& reader, const TenantId& tenant);

  const Parts parts_;
  std::atomic<bool> stopped_{false};
  std::vector<store::PurgeExecutions> to_do_;  ///< the next at the back
  std::size_t next_tenant_ = 0;   ///< whose turn it is when room has to be made
  std::size_t fruitless_ = 0;     ///< tenants in a row that had nothing to give
  std::int64_t deleted_ = 0;      ///< in this round
  bool warned_ = false;           ///< that the database cannot be made small enough
};

}  // namespace ipaas::daemon
