// The store in the domain's verbs. `memory_store` and `sqlite` pass one contract suite.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/tenant.h"
#include "core/store/writer.h"

namespace ipaas::store {

/// The tenant that every store is made with; its name is `default`.
inline constexpr std::string_view kDefaultTenantId = "tn_00000000000000000000000000";

struct ExecutionFilter {
  std::string workflow = {};  ///< name, or empty for all
  std::optional<domain::ExecutionStatus> status = {};
  bool dead_letters = false;  ///< only failed ones that nobody has retried or discarded
  std::optional<Instant> ended_before = {};
  ExecutionId before = {};  ///< cursor: older than this one
  std::size_t limit = 50;
};

struct LogFilter {
  ExecutionId execution = {};
  std::string workflow = {};  ///< name
  std::optional<Instant> since = {};
  domain::LogLevel level = domain::LogLevel::kDebug;  ///< this or graver
  domain::LogSequence after = 0;                      ///< cursor: newer than this one
  std::size_t limit = 500;
  bool newest = false;  ///< the last `limit` lines that match instead of the first; in order either way
};

/// A step `wait-for` that has not ended.
struct OpenWait {
  ExecutionId execution;
  std::string path;
};

/// How an execution stands that waits for a slot of its concurrency group.
struct GroupStanding {
  std::int64_t in_front = 0;  ///< others that wait and were accepted before it; counted up to kLongestCount
  std::vector<ExecutionId> holders = {};  ///< that have a slot, the oldest first; up to kMostHolders
  static constexpr std::int64_t kLongestCount = 1000;
  static constexpr std::size_t kMostHolders = 10;
};

/// A webhook's delivery with what it carried.
struct KeptDelivery {
  domain::Delivery delivery;
  std::string payload;  ///< of the event, as JSON text; empty where it was not kept, or is no more
};

struct Counts {
  std::int64_t live_executions = 0;  ///< that have not ended
  std::int64_t executions = 0;
  std::int64_t workflows = 0;
  std::int64_t outbox = 0;
  std::int64_t bytes_used = 0;  ///< of the database, without what is free in it; 0 where there is no file
};

/// Reads that belong to one tenant. What another tenant owns is not found.
class TenantReader {
 public:
  virtual ~TenantReader() = default;
  virtual Result<std::vector<domain::Workflow>> workflows(const TenantId& tenant) = 0;
  virtual Result<domain::Workflow> workflow(const TenantId& tenant, std::string_view name) = 0;
  virtual Result<domain::WorkflowVersion> workflow_version(const TenantId& tenant, const WorkflowId& workflow,
                                                           int number) = 0;
  /// Every version, newest first, without its source.
  virtual Result<std::vector<domain::WorkflowVersion>> workflow_versions(const TenantId& tenant,
                                                                         const WorkflowId& workflow) = 0;
  virtual Result<domain::ExecutionSnapshot> execution(const TenantId& tenant, const ExecutionId& id) = 0;
  /// What the effect of the parent has started; kNotFound where that is nothing.
  virtual Result<ExecutionId> child(const TenantId& tenant, const domain::Parent& parent) = 0;
  virtual Result<std::vector<domain::Attempt>> attempts(const TenantId& tenant, const ExecutionId& id) = 0;
  /// What the executions themselves gave to the masker, each value once. Those that are unknown have given nothing.
  virtual Result<std::vector<std::string>> masked_by(const TenantId& tenant,
                                                     const std::vector<ExecutionId>& executions) = 0;
  /// Newest first, without inputs and outputs.
  virtual Result<std::vector<domain::Execution>> executions(const TenantId& tenant, const ExecutionFilter& filter) = 0;
  virtual Result<std::vector<domain::LogLine>> logs(const TenantId& tenant, const LogFilter& filter) = 0;
  /// Names and types; no fields.
  virtual Result<std::vector<domain::Credential>> credentials(const TenantId& tenant) = 0;
  /// With its fields.
  virtual Result<domain::Credential> credential(const TenantId& tenant, std::string_view name) = 0;
  /// Of executions that have not ended, by execution and path; at most `limit`, and only those after the cursor.
  virtual Result<std::vector<OpenWait>> open_waits(const TenantId& tenant, const OpenWait& after, std::size_t limit) = 0;
  /// Of one workflow, the newest first.
  virtual Result<std::vector<domain::Delivery>> deliveries(const TenantId& tenant, const WorkflowId& workflow,
                                                           std::size_t limit) = 0;
  virtual Result<KeptDelivery> delivery(const TenantId& tenant, const EventId& id) = 0;
  /// By id.
  virtual Result<std::vector<domain::Schedule>> schedules(const TenantId& tenant, const WorkflowId& workflow) = 0;
  /// Of every workflow, by its name and then by id.
  virtual Result<std::vector<domain::Schedule>> all_schedules(const TenantId& tenant) = 0;
  /// When the schedule has fired, as far as that touches [from, to), by time.
  virtual Result<std::vector<domain::FiredSpan>> fired(const TenantId& tenant, const ScheduleId& schedule, Instant from,
                                                       Instant to) = 0;
  /// By name.
  virtual Result<std::vector<domain::Variable>> variables(const TenantId& tenant) = 0;
  /// The execution that repeats this one; empty where none does, or none is kept.
  virtual Result<ExecutionId> retried_as(const TenantId& tenant, const ExecutionId& id) = 0;
  /// Empty for one that does not wait for a slot.
  virtual Result<GroupStanding> standing(const TenantId& tenant, const ExecutionId& id) = 0;
  /// Of an execution its head and one step, and nothing of what the others carry: no payload, inputs, outputs or effects.
  /// kNotFound also where it has no such step.
  virtual Result<domain::ExecutionSnapshot> step(const TenantId& tenant, const ExecutionId& id, std::string_view path) = 0;
};

/// Reads that the running instance needs, over all tenants.
class InstanceReader {
 public:
  virtual ~InstanceReader() = default;
  virtual Result<domain::Tenant> tenant(std::string_view name) = 0;
  virtual Result<std::vector<domain::WebhookTrigger>> webhook_triggers() = 0;
  /// Schedules of enabled workflows that are not paused: at most `limit`, by `fires_at`.
  virtual Result<std::vector<domain::Schedule>> schedules_by_due(std::size_t limit) = 0;
  /// Of enabled workflows only, by workflow id.
  virtual Result<std::vector<domain::EndListener>> end_listeners() = 0;
  /// When the next unleased effect is due; nothing when there is none.
  virtual Result<std::optional<Instant>> next_effect_due() = 0;
  /// Every credential of every tenant with its fields, deleted ones too: what the masker must know.
  virtual Result<std::vector<domain::Credential>> all_credentials() = 0;
  /// Of every tenant.
  virtual Result<std::vector<domain::Variable>> all_variables() = 0;
  /// Of the values that executions registered with the masker the newest of each tenant, at most `most`; the newest last.
  virtual Result<std::vector<std::pair<TenantId, std::string>>> masked_values(std::size_t most) = 0;
  virtual Result<Counts> counts() = 0;
};

/// A connection for reading. One thread at a time; open one for each thread. Sees what was committed before the call.
class Reader : public TenantReader, public InstanceReader {};

/// Not thread-safe but for open_reader.
class Store {
 public:
  virtual ~Store() = default;

  /// Commits all writes in one durable transaction and says what became of each, in order. A write that is refused
  /// (conflict, not found) leaves nothing behind and does not disturb its neighbours. When the commit itself fails,
  /// every result is an error of kind kUnavailable and the outcome is unknown: the store reopens itself, and a reader
  /// tells.
  [[nodiscard]] virtual std::vector<Result<Outcome>> commit(const std::vector<Write>& batch) = 0;

  /// Frees the leases of other boots: their effects become due at once, marked as orphaned. Called once at start.
  [[nodiscard]] virtual Result<std::size_t> release_orphans(domain::BootId boot) = 0;

  [[nodiscard]] virtual Result<std::unique_ptr<Reader>> open_reader() = 0;
};

}  // namespace ipaas::store
