// Reads, on a connection of their own.
#pragma once

#include <atomic>
#include <unordered_map>

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/payload.h"
#include "core/store/sqlite/tally.h"
#include "core/store/store.h"

namespace ipaas::store::sqlite {

class SqliteReader final : public Reader {
 public:
  /// Throws SQLite::Exception. While `trusted` is false every read answers kUnavailable.
  SqliteReader(const std::filesystem::path& file, Sealer& sealer, const SqliteOptions& options,
               std::shared_ptr<const std::atomic<bool>> trusted, std::shared_ptr<const Tally> tally);

  Result<std::vector<domain::Workflow>> workflows(const TenantId& tenant) override;
  Result<domain::Workflow> workflow(const TenantId& tenant, std::string_view name) override;
  Result<domain::WorkflowVersion> workflow_version(const TenantId& tenant, const WorkflowId& workflow,
                                                   int number) override;
  Result<std::vector<domain::WorkflowVersion>> workflow_versions(const TenantId& tenant,
                                                                 const WorkflowId& workflow) override;
  Result<domain::ExecutionSnapshot> execution(const TenantId& tenant, const ExecutionId& id) override;
  Result<domain::ExecutionSnapshot> step(const TenantId& tenant, const ExecutionId& id, std::string_view path) override;
  Result<ExecutionId> child(const TenantId& tenant, const domain::Parent& parent) override;
  Result<ExecutionId> retried_as(const TenantId& tenant, const ExecutionId& id) override;
  Result<GroupStanding> standing(const TenantId& tenant, const ExecutionId& id) override;
  Result<std::vector<domain::Attempt>> attempts(const TenantId& tenant, const ExecutionId& id) override;
  Result<std::vector<std::string>> masked_by(const TenantId& tenant, const std::vector<ExecutionId>& executions) override;
  Result<std::vector<domain::Execution>> executions(const TenantId& tenant, const ExecutionFilter& filter) override;
  Result<std::vector<domain::LogLine>> logs(const TenantId& tenant, const LogFilter& filter) override;
  Result<std::vector<domain::Credential>> credentials(const TenantId& tenant) override;
  Result<domain::Credential> credential(const TenantId& tenant, std::string_view name) override;
  Result<std::vector<OpenWait>> open_waits(const TenantId& tenant, const OpenWait& after, std::size_t limit) override;
  Result<std::vector<domain::Delivery>> deliveries(const TenantId& tenant, const WorkflowId& workflow,
                                                   std::size_t limit) override;
  Result<KeptDelivery> delivery(const TenantId& tenant, const EventId& id) override;
  Result<std::vector<domain::Schedule>> schedules(const TenantId& tenant, const WorkflowId& workflow) override;
  Result<std::vector<domain::Schedule>> all_schedules(const TenantId& tenant) override;
  Result<std::vector<domain::FiredSpan>> fired(const TenantId& tenant, const ScheduleId& schedule, Instant from,
                                               Instant to) override;
  Result<std::vector<domain::Variable>> variables(const TenantId& tenant) override;

  Result<domain::Tenant> tenant(std::string_view name) override;
  Result<std::vector<domain::WebhookTrigger>> webhook_triggers() override;
  Result<std::vector<domain::Schedule>> schedules_by_due(std::size_t limit) override;
  Result<std::vector<domain::EndListener>> end_listeners() override;
  Result<std::optional<Instant>> next_effect_due() override;
  Result<std::vector<domain::Credential>> all_credentials() override;
  Result<std::vector<domain::Variable>> all_variables() override;
  Result<std::vector<std::pair<TenantId, std::string>>> masked_values(std::size_t most) override;
  Result<Counts> counts() override;

 private:
  [[nodiscard]] std::vector<domain::TriggerKind> triggers_of(std::int64_t workflow_no);

  /// Runs `body` on one state of the database, however many statements it has.
  template <typename Body>
  auto reading(Body&& body) -> Result<decltype(body())> {
    if (!trusted_->load()) {
      return fail(ErrorKind::kUnavailable, "the disk that holds " + connection_.file().string() + " failed",
                  "check the disk; the program tries again by itself", "disk_failed");
    }
    return guarded(connection_.file(), [&] {
      struct Transaction {
        Connection& connection;
        explicit Transaction(Connection& c) : connection(c) { connection.prepared("BEGIN").execute(); }
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        ~Transaction() { connection.roll_back(); }
      };
      const Transaction transaction(connection_);
      return body();
    });
  }

  /// Throws Refusal when there is none.
  [[nodiscard]] std::int64_t number_of(const TenantId& tenant, const ExecutionId& id);
  [[nodiscard]] std::int64_t workflow_number(const TenantId& tenant, const WorkflowId& workflow);
  [[nodiscard]] std::vector<domain::Delivery> accepted_deliveries(const TenantId& tenant, std::int64_t workflow_no,
                                                                  const WorkflowId& workflow, std::size_t limit);
  [[nodiscard]] domain::Delivery read_delivery(const TenantId& tenant, const WorkflowId& workflow, const Rows& rows);
  /// One that started nothing.
  [[nodiscard]] std::optional<KeptDelivery> other_delivery(const TenantId& tenant, const EventId& id);
  [[nodiscard]] domain::Execution read_execution(const Rows& rows);
  /// The event of the execution, from the columns `received_at` and `trigger`.
  [[nodiscard]] static domain::Event read_event(const domain::Execution& execution, const Rows& rows, int received_at, int trigger);
  [[nodiscard]] domain::Step read_step(const domain::Execution& execution, const Rows& rows);
  [[nodiscard]] KeyedList<domain::Step> steps_of(const domain::Execution& execution, std::int64_t no);
  /// What loops of the execution go over, by path.
  [[nodiscard]] std::unordered_map<std::string, Json> items_of(const domain::Execution& execution, std::int64_t no);
  [[nodiscard]] KeyedList<domain::Effect> effects_of(const TenantId& tenant, std::int64_t no);
  [[nodiscard]] std::optional<domain::Failure> read_failure(const SealLabel& label, const Rows& rows, int column);
  [[nodiscard]] domain::Credential read_credential(const Rows& rows);
  [[nodiscard]] domain::Variable read_variable(const Rows& rows);
  void list_executions(std::vector<domain::Execution>& found, const TenantId& tenant, const ExecutionFilter& filter,
                       std::optional<std::int64_t> workflow_no);

  Connection connection_;
  Payloads payloads_;
  std::shared_ptr<const std::atomic<bool>> trusted_;
  std::shared_ptr<const Tally> tally_;
};

}  // namespace ipaas::store::sqlite
