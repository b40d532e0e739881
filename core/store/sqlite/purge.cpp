#include "core/store/sqlite/purge.h"

#include <algorithm>

#include "core/store/refusals.h"
#include "core/store/sqlite/execution_extras.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

/// A lane is read at least so far ahead; most of a tenant's workflows have nothing to purge.
constexpr std::size_t kAhead = 16;

const Json kNoExtras;

}  // namespace

Result<Outcome> Purge::run(const PurgeExecutions& write) {
  const auto workflows = workflows_of(write);
  if (write.workflow && workflows.empty()) return no_workflow(*write.workflow);
  const auto doomed = oldest(write, workflows);
  for (const std::int64_t no : doomed) {
    if (write.payloads_only) {
      forget_payloads(write.tenant, no);
    } else {
      remove(no);
    }
  }
  if (!write.payloads_only) remember_numbers(doomed.size());
  tables_.dedupe.prune_later(write.now);
  std::size_t left = write.limit - doomed.size();
  for (const std::int64_t workflow_no : workflows) remove_kept_events(workflow_no, write.ended_before, left);
  Outcome outcome{.count = static_cast<std::int64_t>(doomed.size())};
  if (outcome.count > 0) tables_.audit.add(write.tenant, write.audit);
  return outcome;
}

std::vector<std::int64_t> Purge::workflows_of(const PurgeExecutions& write) {
  std::vector<std::int64_t> found;
  // Deleted ones, too: their executions stayed.
  if (write.workflow) {
    Rows rows = connection_.prepared("SELECT no FROM workflows WHERE id = ? AND tenant_id = ?")
                    .query(*write.workflow, write.tenant);
    while (rows.next()) found.push_back(rows.integer(0));
    return found;
  }
  Rows rows = connection_.prepared("SELECT no, id FROM workflows WHERE tenant_id = ?").query(write.tenant);
  while (rows.next()) {
    const bool stays = std::find(write.except.begin(), write.except.end(), rows.id<WorkflowId>(1)) != write.except.end();
    if (!stays) found.push_back(rows.integer(0));
  }
  return found;
}

std::vector<std::int64_t> Purge::oldest(const PurgeExecutions& write, const std::vector<std::int64_t>& workflows) {
  std::vector<Lane> lanes;
  for (const std::int64_t no : workflows) {
    lanes.push_back({.workflow_no = no, .bare = false});
    if (!write.payloads_only) lanes.push_back({.workflow_no = no, .bare = true});
  }
  if (lanes.empty()) return {};
  const std::size_t ahead = write.limit / lanes.size() + kAhead;
  const auto later = [](const Lane& a, const Lane& b) {
    const Candidate& x = a.next.back();
    const Candidate& y = b.next.back();
    return std::tie(x.ended_at, x.no) > std::tie(y.ended_at, y.no);
  };
  for (Lane& lane : lanes) refill(lane, write.ended_before, ahead);
  std::erase_if(lanes, [](const Lane& lane) { return lane.next.empty(); });
  std::make_heap(lanes.begin(), lanes.end(), later);
  std::vector<std::int64_t> found;
  while (!lanes.empty() && found.size() < write.limit) {
    std::pop_heap(lanes.begin(), lanes.end(), later);
    Lane& lane = lanes.back();
    found.push_back(lane.next.back().no);
    lane.next.pop_back();
    if (lane.next.empty() && !lane.read_out) refill(lane, write.ended_before, ahead);
    if (lane.next.empty()) {
      lanes.pop_back();
    } else {
      std::push_heap(lanes.begin(), lanes.end(), later);
    }
  }
  return found;
}

void Purge::refill(Lane& lane, Instant ended_before, std::size_t count) {
  // Left alone: what still has something to tell (its parent, who waits for its end), and what a parent waits for.
  Rows rows =
      connection_
          .prepared(
              "SELECT e.no, e.ended_at FROM executions e INDEXED BY executions_ended"
              " WHERE e.workflow_no = ? AND e.bare = ? AND e.ended_at IS NOT NULL AND e.ended_at < ?"
              " AND (e.ended_at, e.no) > (?, ?)"
              " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.execution_no = e.no)"
              " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.execution_no = e.parent_no AND p.id = e.parent_effect)"
              " ORDER BY e.ended_at, e.no LIMIT ?")
          .query(lane.workflow_no, lane.bare, ended_before, lane.last.ended_at, lane.last.no, count);
  while (rows.next()) lane.next.push_back({.no = rows.integer(0), .ended_at = rows.integer(1)});
  lane.read_out = lane.next.size() < count;
  if (lane.next.empty()) return;
  lane.last = lane.next.back();
  std::reverse(lane.next.begin(), lane.next.end());
}

void Purge::remove(std::int64_t no) {
  {
    Rows rows =
        connection_.prepared("SELECT event_no, shares_event, workflow_no, dedupe_key FROM executions WHERE no = ?")
            .query(no);
    if (!rows.next()) return;
    if (!rows.is_null(3)) tables_.dedupe.outlive(rows.integer(2), rows.text(3), no);
    release_event(rows.integer(0), rows.flag(1), no);
  }
  tables_.steps.remove(no);
  tables_.logs.remove(no);
  tables_.masked.remove(no);
  tables_.dedupe.forget_end(no);
  connection_.prepared("DELETE FROM executions WHERE no = ?").execute(no);
}

void Purge::release_event(std::int64_t event_no, bool shared, std::int64_t no) {
  if (shared) {
    const bool needed =
        connection_
            .prepared(
                "SELECT 1 FROM executions INDEXED BY executions_by_shared_event WHERE event_no = ? AND shares_event = 1"
                " AND no <> ?")
            .query(event_no, no)
            .next();
    if (needed) return;
  }
  connection_.prepared("DELETE FROM events WHERE no = ?").execute(event_no);
}

void Purge::remember_numbers(std::size_t purged) {
  if (purged == 0) return;
  connection_.prepared("UPDATE meta SET value = value + ? WHERE key = 'executions_purged'").execute(purged);
  connection_.prepared("UPDATE meta SET value = ? WHERE key = 'executions_highest'").execute(tables_.executions.last());
  connection_.prepared("UPDATE meta SET value = ? WHERE key = 'log_highest'").execute(tables_.logs.last());
}

void Purge::remove_kept_events(std::int64_t workflow_no, Instant received_before, std::size_t& left) {
  if (left == 0) return;
  connection_
      .prepared(
          "DELETE FROM events WHERE no IN (SELECT no FROM events INDEXED BY events_kept WHERE workflow_no = ?"
          " AND started = 0 AND received_at < ? ORDER BY received_at LIMIT ?)")
      .execute(workflow_no, received_before, left);
  const auto removed = static_cast<std::size_t>(connection_.changes());
  left -= removed;
  if (removed == 0) return;
  connection_
      .prepared(
          "DELETE FROM deliveries WHERE workflow_no = ? AND event_no IS NOT NULL AND at < ?"
          " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.no = deliveries.event_no)")
      .execute(workflow_no, received_before);
}

void Purge::forget_payloads(const TenantId& tenant, std::int64_t no) {
  std::int64_t event_no = 0;
  Sealed extras;
  {
    Rows rows = connection_.prepared("SELECT event_no, id, extras FROM executions WHERE no = ?").query(no);
    if (!rows.next()) return;
    event_no = rows.integer(0);
    if (!rows.is_null(2)) {
      const std::string id = rows.text(1);
      const SealLabel label{tenant, kExecutionExtras, id};
      extras = payloads_.seal_json(label, bare_extras(payloads_.open_json(label, rows, 2, kNoExtras)), kNoExtras);
    }
  }
  connection_.prepared("UPDATE executions SET bare = 1, inputs = NULL, outputs = NULL, extras = ? WHERE no = ?")
      .execute(extras, no);
  tables_.steps.forget_payloads(no);
  // A retry may still need the event.
  connection_
      .prepared(
          "UPDATE events SET payload = NULL WHERE no = ?1 AND NOT EXISTS (SELECT 1 FROM executions"
          " INDEXED BY executions_by_shared_event WHERE event_no = ?1 AND shares_event = 1 AND bare = 0)")
      .execute(event_no);
}

}  // namespace ipaas::store::sqlite
