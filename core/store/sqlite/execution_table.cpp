#include "core/store/sqlite/execution_table.h"

#include "core/store/refusals.h"
#include "core/store/sqlite/execution_extras.h"
#include "core/store/sqlite/failure_columns.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

// The partial indexes of the schema name these numbers.
static_assert(static_cast<int>(domain::ExecutionStatus::kQueued) == 0);
static_assert(static_cast<int>(domain::ExecutionStatus::kWaiting) == 2);
static_assert(static_cast<int>(domain::ExecutionStatus::kFailed) == 4);
static_assert(static_cast<int>(domain::ExecutionStatus::kCancelled) == 5);
static_assert(static_cast<int>(domain::Execution::Care::kNone) == 0);

const Json kNoInputs = Json::object();
const Json kNoOutputs;
const Json kNoExtras;

std::optional<std::string_view> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

Membership membership(const TenantId& tenant, std::int64_t no, std::string key, std::int64_t limit,
                      const domain::Execution& execution) {
  return {.tenant = tenant,
          .no = no,
          .key = std::move(key),
          .limit = limit,
          .waiting = execution.status == domain::ExecutionStatus::kQueued,
          .ended = domain::has_ended(execution)};
}

}  // namespace

/// What a decision has to know of the row that it changes.
struct ExecutionTable::Stored {
  std::int64_t revision = 0;
  bool begun = false;
  bool carries = false;  ///< something rare, in `extras`
  Membership group = {};
};

ExecutionTable::ExecutionTable(Connection& connection, Payloads& payloads, Neighbours neighbours)
    : connection_(connection),
      payloads_(payloads),
      tables_(neighbours),
      last_(std::max(connection.number("SELECT max(no) FROM executions"),
                     connection.number("SELECT value FROM meta WHERE key = 'executions_highest'"))),
      live_(connection.number("SELECT count(*) FROM executions INDEXED BY executions_live WHERE ended_at IS NULL")) {}

Result<Outcome> ExecutionTable::accept(const AcceptEvent& write) {
  if (write.tick && !tables_.schedules.claims(write.tenant, *write.tick)) return stale();
  const auto workflow_no = tables_.workflows.living(write.tenant, write.event.workflow);
  if (!workflow_no) return no_workflow(write.event.workflow);
  Ground ground{.workflow_no = *workflow_no};
  if (write.first) {
    if (auto refused = refuse(write, ground)) return *std::move(refused);
    begin(write, ground);
  } else {
    const std::int64_t event_no = insert_event(write, *workflow_no);
    if (write.event.trigger == domain::TriggerKind::kWebhook) tables_.deliveries.keep(write, *workflow_no, event_no);
  }
  if (write.tick) tables_.schedules.fire(write.tenant, *write.tick);
  tables_.audit.add(write.tenant, write.audit);
  return Outcome{};
}

std::optional<Result<Outcome>> ExecutionTable::refuse(const AcceptEvent& write, Ground& ground) {
  if (write.dedupe) {
    if (auto earlier = tables_.dedupe.find(ground.workflow_no, *write.dedupe, write.event.received_at)) {
      return duplicate_of(std::move(*earlier));
    }
    ground.dedupe_key = write.dedupe->key;
  }
  if (write.end_of) {
    if (auto refused = refuse_end(write, ground)) return refused;
  }
  if (write.first->execution.parent) {
    if (auto refused = refuse_child(write, ground)) return refused;
  }
  if (write.retries) return refuse_retry(write, ground);
  return std::nullopt;
}

std::optional<Result<Outcome>> ExecutionTable::refuse_end(const AcceptEvent& write, Ground& ground) {
  {
    Rows rows = connection_
                    .prepared(
                        "SELECT e.no FROM executions e JOIN outbox o ON o.execution_no = e.no"
                        " WHERE e.tenant_id = ? AND e.id = ? AND o.kind = ?")
                    .query(write.tenant, *write.end_of, domain::EffectKind::kAnnounce);
    if (!rows.next()) return stale();
    ground.ended_no = rows.integer(0);
  }
  if (auto started = tables_.dedupe.started_by_end(*ground.ended_no, ground.workflow_no)) {
    return duplicate_of(std::move(*started));
  }
  return std::nullopt;
}

std::optional<Result<Outcome>> ExecutionTable::refuse_child(const AcceptEvent& write, Ground& ground) {
  const domain::Parent& parent = *write.first->execution.parent;
  {
    Rows rows = connection_
                    .prepared(
                        "SELECT e.no FROM executions e JOIN outbox o ON o.execution_no = e.no AND o.id = ?"
                        " WHERE e.tenant_id = ? AND e.id = ? AND o.kind = ?")
                    .query(parent.effect, write.tenant, parent.execution, domain::EffectKind::kChild);
    if (!rows.next()) return stale();
    ground.parent_no = rows.integer(0);
  }
  Rows rows = connection_.prepared("SELECT id FROM executions WHERE parent_no = ? AND parent_effect = ?")
                  .query(ground.parent_no, parent.effect);
  if (rows.next()) return duplicate_of(rows.id<ExecutionId>(0));
  return std::nullopt;
}

std::optional<Result<Outcome>> ExecutionTable::refuse_retry(const AcceptEvent& write, Ground& ground) {
  Rows rows = connection_
                  .prepared(
                      "SELECT no, event_no, bare, dedupe_key, ended_at IS NOT NULL AND status > 3 AND care = 0"
                      " FROM executions WHERE tenant_id = ? AND id = ? AND workflow_no = ?")
                  .query(write.tenant, *write.retries, ground.workflow_no);
  if (!rows.next()) return no_execution(*write.retries);
  if (!rows.flag(4)) return stale();
  if (rows.flag(2)) return payloads_forgotten(*write.retries);
  ground.retried_no = rows.integer(0);
  ground.event_no = rows.integer(1);
  if (!ground.dedupe_key && !rows.is_null(3)) ground.dedupe_key = rows.text(3);
  return std::nullopt;
}

void ExecutionTable::begin(const AcceptEvent& write, const Ground& ground) {
  const domain::ExecutionChange& first = *write.first;
  const domain::Execution& execution = first.execution;
  const std::string group_key = tables_.groups.key_of(write.tenant, execution, ground.parent_no);
  const std::int64_t no = insert_execution(write, ground, group_key);
  if (!domain::has_ended(execution)) ++live_;
  if (ground.retried_no) take_over(ground, no);
  tables_.steps.put(write.tenant, no, first);
  for (const domain::Effect& effect : first.effects) {
    tables_.outbox.add(execution, no, write.tenant, effect, write.lease);
  }
  tables_.logs.add(write.tenant, no, first.logs);
  tables_.masked.add(execution, write.tenant, no, write.masked);
  if (write.dedupe) {
    tables_.dedupe.keep(write.tenant, ground.workflow_no, *write.dedupe, write.event.received_at, no);
  }
  if (ground.ended_no) tables_.dedupe.keep_end(write.tenant, *ground.ended_no, ground.workflow_no, execution.id);
  if (!group_key.empty()) {
    tables_.groups.joined(membership(write.tenant, no, group_key, execution.group_limit, execution));
  }
}

/// From now on the retry stands for the event, so that what is delivered again does not start it a second time.
void ExecutionTable::take_over(const Ground& ground, std::int64_t no) {
  connection_.prepared("UPDATE executions SET care = ?, shares_event = 1 WHERE no = ?")
      .execute(domain::Execution::Care::kRetried, *ground.retried_no);
  if (!ground.dedupe_key) return;
  connection_.prepared("UPDATE dedupe_keys SET execution_no = ? WHERE workflow_no = ? AND key = ? AND execution_no = ?")
      .execute(no, ground.workflow_no, *ground.dedupe_key, *ground.retried_no);
}

Result<Outcome> ExecutionTable::advance(const AdvanceExecution& write) {
  const domain::ExecutionChange& change = write.change;
  const auto before = stored(write.tenant, change.execution.id);
  if (!before) return no_execution(change.execution.id);
  if (before->revision != change.execution.revision - 1) return stale();
  const std::int64_t no = before->group.no;
  const bool grouped = !before->group.key.empty();
  if (write.claim && grouped && before->group.waiting) {
    if (auto busy = tables_.groups.refuse(before->group, write.look_again)) return *std::move(busy);
  }
  update_execution(write.tenant, change.execution, *before);
  tables_.steps.put(write.tenant, no, change);
  for (const EffectId& effect : change.finished) tables_.outbox.remove(no, effect);
  for (const domain::Effect& effect : change.effects) {
    tables_.outbox.add(change.execution, no, write.tenant, effect,
                       effect.due_at <= write.now ? write.lease : std::nullopt);
  }
  tables_.logs.add(write.tenant, no, change.logs);
  tables_.masked.add(change.execution, write.tenant, no, write.masked);
  if (domain::has_ended(change.execution)) {
    if (!before->group.ended) --live_;
    tables_.groups.leave_to_children(write.tenant, no);
  }
  if (grouped) {
    const Membership& group = before->group;
    tables_.groups.changed(group, membership(write.tenant, no, group.key, group.limit, change.execution));
  }
  tables_.audit.add(write.tenant, write.audit);
  return Outcome{};
}

Result<Outcome> ExecutionTable::finish(const FinishEffects& write) {
  const auto execution = stored(write.tenant, write.execution);
  if (!execution) return no_execution(write.execution);
  for (const EffectId& effect : write.effects) tables_.outbox.remove(execution->group.no, effect);
  return Outcome{};
}

Result<Outcome> ExecutionTable::note_crash(const NoteCrash& write) {
  Rows rows = connection_
                  .prepared(
                      "UPDATE executions SET crashes = crashes + 1 WHERE tenant_id = ? AND id = ? AND ended_at IS NULL"
                      " RETURNING crashes")
                  .query(write.tenant, write.execution);
  if (rows.next()) {
    Outcome outcome{.count = rows.integer(0)};
    rows.next();  // an UPDATE is done when it has been stepped to its end
    return outcome;
  }
  if (!stored(write.tenant, write.execution)) return no_execution(write.execution);
  return stale();
}

Result<Outcome> ExecutionTable::discard(const DiscardExecutions& write) {
  Outcome outcome;
  for (const ExecutionId& id : write.executions) {
    connection_
        .prepared(
            "UPDATE executions SET care = ? WHERE tenant_id = ? AND id = ? AND status = 4 AND care = 0"
            " AND ended_at IS NOT NULL")
        .execute(domain::Execution::Care::kDiscarded, write.tenant, id);
    outcome.count += connection_.changes();
  }
  if (outcome.count > 0) tables_.audit.add(write.tenant, write.audit);
  return outcome;
}

std::int64_t ExecutionTable::insert_event(const AcceptEvent& write, std::int64_t workflow_no) {
  const domain::Event& event = write.event;
  connection_
      .prepared(
          "INSERT INTO events (tenant_id, id, workflow_no, trigger, received_at, payload, started)"
          " VALUES (?, ?, ?, ?, ?, ?, ?)")
      .execute(write.tenant, event.id, workflow_no, event.trigger, event.received_at,
               payloads_.seal_text({write.tenant, kEventPayload, event.id.str()}, write.payload),
               write.first.has_value());
  return connection_.last_row();
}

std::int64_t ExecutionTable::insert_execution(const AcceptEvent& write, const Ground& ground,
                                              const std::string& group_key) {
  const domain::Execution& execution = write.first->execution;
  const TenantId& tenant = write.tenant;
  const std::string_view id = execution.id.str();
  const FailureColumns error(execution.error, payloads_, {tenant, kExecutionError, id});
  const std::int64_t event_no = ground.retried_no ? ground.event_no : insert_event(write, ground.workflow_no);
  const std::int64_t no = ++last_;
  connection_
      .prepared(
          "INSERT INTO executions (no, tenant_id, id, workflow_no, event_no, version, trigger, status, revision, seed,"
          " engine_version, created_at, started_at, ended_at, error_code, error_step, error_message, inputs, outputs,"
          " phase, priority, care, active, active_since, group_key, group_limit, parent_no, parent_effect, dedupe_key,"
          " shares_event, extras)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(no, tenant, id, ground.workflow_no, event_no, execution.version, execution.trigger, execution.status,
               execution.revision, execution.seed, execution.engine_version, execution.created_at, execution.started_at,
               execution.ended_at, error.code, error.step, error.message,
               payloads_.seal_json({tenant, kExecutionInputs, id}, execution.inputs, kNoInputs),
               payloads_.seal_json({tenant, kExecutionOutputs, id}, execution.outputs, kNoOutputs), execution.phase,
               execution.priority, execution.care, execution.active.count(), execution.active_since,
               unless_empty(group_key), execution.group_limit, ground.parent_no,
               execution.parent ? unless_empty(execution.parent->effect.str()) : std::nullopt, ground.dedupe_key,
               ground.retried_no.has_value(),
               payloads_.seal_json({tenant, kExecutionExtras, id}, extras_of(execution), kNoExtras));
  return no;
}

std::optional<ExecutionTable::Stored> ExecutionTable::stored(const TenantId& tenant, const ExecutionId& id) {
  Rows rows =
      connection_
          .prepared(
              "SELECT no, revision, started_at IS NOT NULL, group_key, group_limit, status, ended_at IS NOT NULL,"
              " extras IS NOT NULL FROM executions WHERE tenant_id = ? AND id = ?")
          .query(tenant, id);
  if (!rows.next()) return std::nullopt;
  return Stored{.revision = rows.integer(1),
                .begun = rows.flag(2),
                .carries = rows.flag(7),
                .group = {.tenant = tenant,
                          .no = rows.integer(0),
                          .key = rows.text(3),
                          .limit = rows.integer(4),
                          .waiting = rows.enumeration<domain::ExecutionStatus>(5) == domain::ExecutionStatus::kQueued,
                          .ended = rows.flag(6)}};
}

void ExecutionTable::update_execution(const TenantId& tenant, const domain::Execution& execution,
                                      const Stored& before) {
  const std::string_view id = execution.id.str();
  const FailureColumns error(execution.error, payloads_, {tenant, kExecutionError, id});
  connection_
      .prepared(
          "UPDATE executions SET status = ?, revision = ?, started_at = ?, ended_at = ?, error_code = ?,"
          " error_step = ?, error_message = ?, outputs = ?, phase = ?, active = ?, active_since = ? WHERE no = ?")
      .execute(execution.status, execution.revision, execution.started_at, execution.ended_at, error.code, error.step,
               error.message, payloads_.seal_json({tenant, kExecutionOutputs, id}, execution.outputs, kNoOutputs),
               execution.phase, execution.active.count(), execution.active_since, before.group.no);
  if (before.begun) {
    if (before.carries || !execution.idempotency_keys.empty()) update_keys(tenant, execution, before.group.no);
    return;
  }
  connection_.prepared("UPDATE executions SET extras = ? WHERE no = ?")
      .execute(payloads_.seal_json({tenant, kExecutionExtras, id}, extras_of(execution), kNoExtras), before.group.no);
  connection_.prepared("UPDATE executions SET inputs = ? WHERE no = ?")
      .execute(payloads_.seal_json({tenant, kExecutionInputs, id}, execution.inputs, kNoInputs), before.group.no);
}

/// What it began with, such as the variables of that moment, never changes again. Calls that may have happened come and go
/// on the way; most executions have neither.
void ExecutionTable::update_keys(const TenantId& tenant, const domain::Execution& execution, std::int64_t no) {
  const SealLabel label{tenant, kExecutionExtras, execution.id.str()};
  Json kept;
  {
    Rows rows = connection_.prepared("SELECT extras FROM executions WHERE no = ?").query(no);
    if (rows.next()) kept = payloads_.open_json(label, rows, 0, kNoExtras);
  }
  const Json before = kept;
  if (execution.idempotency_keys.empty()) {
    if (kept.is_object()) kept.erase("keys");
    if (kept.empty()) kept = kNoExtras;
  } else {
    kept["keys"] = execution.idempotency_keys;
  }
  if (kept == before) return;
  connection_.prepared("UPDATE executions SET extras = ? WHERE no = ?")
      .execute(payloads_.seal_json(label, kept, kNoExtras), no);
}

}  // namespace ipaas::store::sqlite
