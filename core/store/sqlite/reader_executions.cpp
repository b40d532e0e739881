// Executions with all that hangs on them, and the log.
#include <algorithm>
#include <set>

#include "core/store/refusals.h"
#include "core/store/sqlite/execution_extras.h"
#include "core/store/sqlite/labels.h"
#include "core/store/sqlite/outbox_table.h"
#include "core/store/sqlite/reader.h"

namespace ipaas::store::sqlite {
namespace {

const Json kNoInputs = Json::object();
const Json kNoOutputs;

// Read by read_execution, in this order.
const std::string kExecutionColumns =
    "SELECT e.id, e.tenant_id, w.id, w.name, e.version, v.id, e.trigger, e.status, e.revision, e.seed,"
    " e.engine_version, e.created_at, e.started_at, e.ended_at, e.error_code, e.error_step, e.error_message,"
    " e.phase, e.priority, e.active, e.active_since, e.group_limit, e.care, e.extras";

const std::string kOneExecution =
    " FROM executions e JOIN workflows w ON w.no = e.workflow_no JOIN events v ON v.no = e.event_no"
    " WHERE e.tenant_id = ? AND e.id = ?";
const std::string kWholeExecution =
    kExecutionColumns + ", e.no, e.inputs, e.outputs, v.received_at, v.payload, v.trigger" + kOneExecution;
const std::string kHeadOfExecution = kExecutionColumns + ", e.no, v.received_at, v.trigger" + kOneExecution;

// Read by read_step, in this order.
const std::string kSteps =
    "SELECT path, kind, status, softened, attempts, sends, started_at, ended_at, deferred_since, error_code, error_step,"
    " error_message, outputs, position, sensitive, due_at, begun, open, child FROM steps WHERE execution_no = ?";
const std::string kOneStep = kSteps + " AND path = ?";

enum class Kind { kLive, kUnsuccessful, kDeadLetter, kAny };

Kind kind_of(const ExecutionFilter& filter) {
  if (filter.dead_letters) return Kind::kDeadLetter;
  if (!filter.status || *filter.status == domain::ExecutionStatus::kSucceeded) return Kind::kAny;
  return domain::is_final(*filter.status) ? Kind::kUnsuccessful : Kind::kLive;
}

/// The text of a list query and the index it walks, newest first.
std::string list_query(const ExecutionFilter& filter, bool of_workflow) {
  const Kind kind = kind_of(filter);
  std::string sql = kExecutionColumns + " FROM executions e INDEXED BY ";
  if (kind == Kind::kAny) sql += of_workflow ? "executions_by_workflow" : "executions_by_id";
  if (kind == Kind::kLive) sql += "executions_live";
  if (kind == Kind::kUnsuccessful) sql += "executions_unsuccessful";
  if (kind == Kind::kDeadLetter) sql += "executions_dead_letters";
  // CROSS JOIN keeps executions the outer loop, whose index gives the order.
  sql +=
      " CROSS JOIN workflows w ON w.no = e.workflow_no CROSS JOIN events v ON v.no = e.event_no"
      " WHERE e.tenant_id = ?1 AND e.id < ?2";
  if (kind == Kind::kLive) sql += " AND e.ended_at IS NULL";
  if (kind == Kind::kUnsuccessful) sql += " AND e.status > 3";
  if (kind == Kind::kDeadLetter) sql += " AND e.status = 4 AND e.care = 0";
  sql += filter.status ? " AND e.status = ?3" : " AND ?3 IS NULL";
  sql += of_workflow ? " AND e.workflow_no = ?4" : " AND ?4 IS NULL";
  sql += filter.ended_before ? " AND e.ended_at < ?6" : " AND ?6 IS NULL";
  return sql + " ORDER BY e.id DESC LIMIT ?5";
}

std::string log_query(const LogFilter& filter) {
  std::string sql =
      "SELECT l.sequence, w.id, w.name, e.id, l.path, l.level, l.at, l.text FROM log_lines l"
      " CROSS JOIN executions e ON e.no = l.execution_no CROSS JOIN workflows w ON w.no = e.workflow_no"
      " WHERE l.tenant_id = ?1 AND l.sequence > ?2 AND l.level >= ?3";
  sql += filter.execution.empty() ? " AND ?4 IS NULL" : " AND l.execution_no = ?4";
  sql += filter.workflow.empty() ? " AND ?5 = ''" : " AND w.name = ?5";
  sql += filter.since ? " AND l.at >= ?6" : " AND ?6 IS NULL";
  return sql + (filter.newest ? " ORDER BY l.sequence DESC LIMIT ?7" : " ORDER BY l.sequence LIMIT ?7");
}

}  // namespace

std::optional<domain::Failure> SqliteReader::read_failure(const SealLabel& label, const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return domain::Failure{.code = rows.text(column),
                         .message = payloads_.open_text(label, rows, column + 2),
                         .step = rows.text(column + 1)};
}

domain::Execution SqliteReader::read_execution(const Rows& rows) {
  domain::Execution execution{.id = rows.id<ExecutionId>(0),
                              .tenant = rows.id<TenantId>(1),
                              .workflow = rows.id<WorkflowId>(2),
                              .workflow_name = rows.text(3),
                              .version = rows.small(4),
                              .event = rows.id<EventId>(5),
                              .trigger = rows.enumeration<domain::TriggerKind>(6),
                              .status = rows.enumeration<domain::ExecutionStatus>(7),
                              .revision = rows.integer(8),
                              .seed = static_cast<std::uint64_t>(rows.integer(9)),
                              .engine_version = rows.small(10),
                              .phase = rows.enumeration<domain::Phase>(17),
                              .priority = rows.enumeration<domain::Priority>(18),
                              .created_at = rows.instant(11),
                              .started_at = rows.maybe_instant(12),
                              .ended_at = rows.maybe_instant(13),
                              .active = Duration(rows.integer(19)),
                              .active_since = rows.maybe_instant(20),
                              .outputs = {},
                              .error = {},
                              .group_limit = rows.is_null(21) ? 1 : rows.small(21),
                              .care = rows.enumeration<domain::Execution::Care>(22)};
  const std::string_view id = execution.id.str();
  execution.error = read_failure({execution.tenant, kExecutionError, id}, rows, 14);
  if (!rows.is_null(23))
    put_extras(payloads_.open_json({execution.tenant, kExecutionExtras, id}, rows, 23, {}), execution);
  return execution;
}

Result<domain::ExecutionSnapshot> SqliteReader::execution(const TenantId& tenant, const ExecutionId& id) {
  return reading([&] {
    domain::ExecutionSnapshot snapshot;
    Rows rows = connection_.prepared(kWholeExecution.c_str()).query(tenant, id);
    if (!rows.next()) throw Refusal(no_execution(id).value());
    domain::Execution& execution = snapshot.execution;
    execution = read_execution(rows);
    execution.inputs = payloads_.open_json({tenant, kExecutionInputs, id.str()}, rows, 25, kNoInputs);
    execution.outputs = payloads_.open_json({tenant, kExecutionOutputs, id.str()}, rows, 26, kNoOutputs);
    snapshot.event = read_event(execution, rows, 27, 29);
    snapshot.payload = payloads_.open_json({tenant, kEventPayload, execution.event.str()}, rows, 28, kNoOutputs);
    snapshot.steps = steps_of(execution, rows.integer(24));
    snapshot.effects = effects_of(tenant, rows.integer(24));
    return snapshot;
  });
}

domain::Event SqliteReader::read_event(const domain::Execution& execution, const Rows& rows, int received_at, int trigger) {
  return {.id = execution.event,
          .tenant = execution.tenant,
          .workflow = execution.workflow,
          .trigger = rows.enumeration<domain::TriggerKind>(trigger),
          .received_at = rows.instant(received_at)};
}

Result<domain::ExecutionSnapshot> SqliteReader::step(const TenantId& tenant, const ExecutionId& id, std::string_view path) {
  return reading([&] {
    domain::ExecutionSnapshot snapshot;
    Rows head = connection_.prepared(kHeadOfExecution.c_str()).query(tenant, id);
    if (!head.next()) throw Refusal(no_execution(id).value());
    snapshot.execution = read_execution(head);
    snapshot.execution.inputs = kNoInputs;
    snapshot.event = read_event(snapshot.execution, head, 25, 26);
    const std::int64_t no = head.integer(24);
    Rows rows = connection_.prepared(kOneStep.c_str()).query(no, path);
    if (!rows.next()) throw Refusal(no_step(id, path).value());
    domain::Step found = read_step(snapshot.execution, rows);
    Rows items = connection_.prepared("SELECT items FROM step_items WHERE execution_no = ? AND path = ?").query(no, path);
    if (items.next()) {
      const std::string label = joined(id.str(), path);
      found.items = std::make_shared<const Json>(payloads_.open_json({tenant, kStepItems, label}, items, 0, kNoOutputs));
    }
    snapshot.steps.push_back(std::move(found));
    return snapshot;
  });
}

domain::Step SqliteReader::read_step(const domain::Execution& execution, const Rows& rows) {
  const std::string id = joined(execution.id.str(), rows.view(0));
  return {.path = rows.text(0),
          .kind = rows.text(1),
          .status = rows.enumeration<domain::StepStatus>(2),
          .softened = rows.flag(3),
          .sensitive = rows.flag(14),
          .attempts = rows.small(4),
          .sends = rows.small(5),
          .started_at = rows.instant(6),
          .ended_at = rows.maybe_instant(7),
          .deferred_since = rows.maybe_instant(8),
          .due_at = rows.maybe_instant(15),
          .outputs = payloads_.open_json({execution.tenant, kStepOutputs, id}, rows, 12, kNoOutputs),
          .error = read_failure({execution.tenant, kStepError, id}, rows, 9),
          .begun = rows.small(16),
          .open = rows.small(17),
          .child = rows.id<ExecutionId>(18)};
}

KeyedList<domain::Step> SqliteReader::steps_of(const domain::Execution& execution, std::int64_t no) {
  std::unordered_map<std::string, Json> items = items_of(execution, no);
  std::vector<std::pair<std::int64_t, domain::Step>> found;
  // As they lie in the file; sorting them there would copy what they carry.
  Rows rows = connection_.prepared(kSteps.c_str()).query(no);
  while (rows.next()) {
    domain::Step step = read_step(execution, rows);
    if (const auto kept = items.find(step.path); kept != items.end())
      step.items = std::make_shared<const Json>(std::move(kept->second));
    found.emplace_back(rows.integer(13), std::move(step));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  KeyedList<domain::Step> steps;
  for (auto& [position, step] : found) steps.push_back(std::move(step));
  return steps;
}

std::unordered_map<std::string, Json> SqliteReader::items_of(const domain::Execution& execution, std::int64_t no) {
  std::unordered_map<std::string, Json> items;
  Rows rows = connection_.prepared("SELECT path, items FROM step_items WHERE execution_no = ?").query(no);
  while (rows.next()) {
    const std::string id = joined(execution.id.str(), rows.view(0));
    items.emplace(rows.text(0), payloads_.open_json({execution.tenant, kStepItems, id}, rows, 1, kNoOutputs));
  }
  return items;
}

KeyedList<domain::Effect> SqliteReader::effects_of(const TenantId& tenant, std::int64_t no) {
  KeyedList<domain::Effect> effects;
  Rows rows = connection_
                  .prepared(
                      "SELECT o.id, o.tenant_id, e.id, o.kind, o.path, o.due_at, o.payload FROM outbox o"
                      " JOIN executions e ON e.no = o.execution_no"
                      " WHERE o.execution_no = ? AND o.tenant_id = ? ORDER BY o.id")
                  .query(no, tenant);
  while (rows.next()) effects.push_back(read_effect(rows, payloads_));
  return effects;
}

std::int64_t SqliteReader::number_of(const TenantId& tenant, const ExecutionId& id) {
  Rows rows = connection_.prepared("SELECT no FROM executions WHERE tenant_id = ? AND id = ?").query(tenant, id);
  if (!rows.next()) throw Refusal(no_execution(id).value());
  return rows.integer(0);
}

Result<ExecutionId> SqliteReader::child(const TenantId& tenant, const domain::Parent& parent) {
  return reading([&] {
    Rows rows = connection_
                    .prepared(
                        "SELECT c.id FROM executions p JOIN executions c ON c.parent_no = p.no AND c.parent_effect = ?"
                        " WHERE p.tenant_id = ? AND p.id = ?")
                    .query(parent.effect, tenant, parent.execution);
    if (!rows.next()) throw Refusal(no_child(parent).value());
    return rows.id<ExecutionId>(0);
  });
}

Result<ExecutionId> SqliteReader::retried_as(const TenantId& tenant, const ExecutionId& id) {
  return reading([&] {
    // Those that repeat one another share the event of the first.
    Rows rows = connection_
                    .prepared(
                        "SELECT r.id, r.extras FROM executions e CROSS JOIN executions r"
                        " INDEXED BY executions_by_shared_event ON r.event_no = e.event_no AND r.shares_event = 1"
                        " WHERE e.tenant_id = ? AND e.id = ? ORDER BY r.no")
                    .query(tenant, id);
    while (rows.next()) {
      if (rows.is_null(1)) continue;
      domain::Execution later;
      later.id = rows.id<ExecutionId>(0);
      put_extras(payloads_.open_json({tenant, kExecutionExtras, later.id.str()}, rows, 1, {}), later);
      if (later.retry_of == id) return later.id;
    }
    return ExecutionId();
  });
}

Result<GroupStanding> SqliteReader::standing(const TenantId& tenant, const ExecutionId& id) {
  return reading([&] {
    GroupStanding standing;
    std::string key;
    std::int64_t no = 0;
    {
      Rows rows = connection_.prepared("SELECT no, group_key, status FROM executions WHERE tenant_id = ? AND id = ?")
                      .query(tenant, id);
      if (!rows.next()) throw Refusal(no_execution(id).value());
      const bool queued = rows.enumeration<domain::ExecutionStatus>(2) == domain::ExecutionStatus::kQueued;
      if (!queued || rows.is_null(1)) return standing;
      no = rows.integer(0);
      key = rows.text(1);
    }
    Rows waiting = connection_
                       .prepared(
                           "SELECT count(*) FROM (SELECT 1 FROM executions INDEXED BY executions_waiting"
                           " WHERE group_key IS NOT NULL AND status = 0 AND group_key = ? AND no < ? LIMIT ?)")
                       .query(key, no, GroupStanding::kLongestCount);
    if (waiting.next()) standing.in_front = waiting.integer(0);
    Rows holding = connection_
                       .prepared(
                           "SELECT id FROM executions INDEXED BY executions_holding WHERE group_key IS NOT NULL"
                           " AND status > 0 AND started_at IS NOT NULL AND ended_at IS NULL AND group_key = ?"
                           " ORDER BY no LIMIT ?")
                       .query(key, static_cast<std::int64_t>(GroupStanding::kMostHolders));
    while (holding.next()) standing.holders.push_back(holding.id<ExecutionId>(0));
    return standing;
  });
}

Result<std::vector<domain::Attempt>> SqliteReader::attempts(const TenantId& tenant, const ExecutionId& id) {
  return reading([&] {
    std::vector<domain::Attempt> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT path, number, started_at, ended_at, outcome, message FROM attempts"
                        " WHERE execution_no = ? ORDER BY started_at, path, number")
                    .query(number_of(tenant, id));
    while (rows.next()) {
      const std::string label = joined(joined(id.str(), rows.view(0)), rows.small(1));
      found.push_back({.path = rows.text(0),
                       .number = rows.small(1),
                       .started_at = rows.instant(2),
                       .ended_at = rows.instant(3),
                       .outcome = rows.text(4),
                       .message = payloads_.open_text({tenant, kAttemptMessage, label}, rows, 5)});
    }
    return found;
  });
}

Result<std::vector<std::string>> SqliteReader::masked_by(const TenantId& tenant,
                                                         const std::vector<ExecutionId>& executions) {
  return reading([&] {
    std::set<std::string> found;
    for (const ExecutionId& id : executions) {
      Rows rows = connection_
                      .prepared(
                          "SELECT m.number, m.value FROM executions e CROSS JOIN masked_values m ON m.execution_no = e.no"
                          " WHERE e.tenant_id = ? AND e.id = ?")
                      .query(tenant, id);
      while (rows.next()) {
        const std::string label = joined(id.str(), rows.integer(0));
        found.insert(payloads_.open_text({tenant, kMaskedValue, label}, rows, 1));
      }
    }
    return std::vector<std::string>(found.begin(), found.end());
  });
}

Result<std::vector<domain::Execution>> SqliteReader::executions(const TenantId& tenant, const ExecutionFilter& filter) {
  return reading([&] {
    std::vector<domain::Execution> found;
    if (filter.workflow.empty()) {
      list_executions(found, tenant, filter, std::nullopt);
      return found;
    }
    // A name can have been used again after its workflow was deleted; each of them has its own stretch of the index.
    Rows rows = connection_.prepared("SELECT no FROM workflows WHERE tenant_id = ? AND name = ?")
                    .query(tenant, filter.workflow);
    while (rows.next()) list_executions(found, tenant, filter, rows.integer(0));
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    if (found.size() > filter.limit) found.resize(filter.limit);
    return found;
  });
}

void SqliteReader::list_executions(std::vector<domain::Execution>& found, const TenantId& tenant,
                                   const ExecutionFilter& filter, std::optional<std::int64_t> workflow_no) {
  // Sorts after every identifier.
  static const ExecutionId kNewest("\x7f");
  Statement statement(connection_.handle(), list_query(filter, workflow_no.has_value()).c_str());
  Rows rows = statement.query(tenant, filter.before.empty() ? kNewest : filter.before, filter.status, workflow_no,
                              filter.limit, filter.ended_before);
  while (rows.next()) found.push_back(read_execution(rows));
}

Result<std::vector<domain::LogLine>> SqliteReader::logs(const TenantId& tenant, const LogFilter& filter) {
  return reading([&] {
    std::vector<domain::LogLine> found;
    std::optional<std::int64_t> execution_no;
    if (!filter.execution.empty()) execution_no = number_of(tenant, filter.execution);
    Statement statement(connection_.handle(), log_query(filter).c_str());
    Rows rows =
        statement.query(tenant, filter.after, filter.level, execution_no, filter.workflow, filter.since, filter.limit);
    while (rows.next()) {
      const std::string sequence = std::to_string(rows.integer(0));
      domain::LogLine& line = found.emplace_back();
      line.sequence = rows.integer(0);
      line.tenant = tenant;
      line.workflow = rows.id<WorkflowId>(1);
      line.workflow_name = rows.text(2);
      line.execution = rows.id<ExecutionId>(3);
      line.path = rows.text(4);
      line.level = rows.enumeration<domain::LogLevel>(5);
      line.at = rows.instant(6);
      line.text = payloads_.open_text({tenant, kLogText, sequence}, rows, 7);
    }
    if (filter.newest) std::reverse(found.begin(), found.end());
    return found;
  });
}

}  // namespace ipaas::store::sqlite
