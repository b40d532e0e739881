#include "core/store/sqlite/group_table.h"

#include <openssl/sha.h>

#include <algorithm>

#include "core/base/encoding.h"
#include "core/store/sqlite/execution_extras.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

/// Half of a SHA-256: nobody can find two groups with one key.
constexpr std::size_t kKeySize = 16;

/// A queue of this length is counted; in a longer one those behind are, who are few where it matters.
constexpr std::int64_t kShortQueue = 256;

std::string digest_of(const TenantId& tenant, const std::string& group) {
  const std::string salted = tenant.str() + '\0' + group;
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), digest);
  return hex_encode({reinterpret_cast<const char*>(digest), kKeySize});
}

}  // namespace

std::string GroupTable::key_of(const TenantId& tenant, const domain::Execution& execution,
                               const std::optional<std::int64_t>& parent_no) {
  if (!execution.group) return {};
  std::string key = digest_of(tenant, *execution.group);
  const bool shares = !domain::own_group(execution) && (!parent_no || shares_slot(key, parent_no));
  return shares ? std::string() : key;
}

bool GroupTable::shares_slot(const std::string& key, std::optional<std::int64_t> parent_no) {
  while (parent_no) {
    Rows rows =
        connection_.prepared("SELECT parent_no, ended_at IS NULL AND group_key = ? FROM executions WHERE no = ?").query(key, *parent_no);
    if (!rows.next()) return false;
    if (rows.flag(1)) return true;
    parent_no = rows.is_null(0) ? std::nullopt : std::optional(rows.integer(0));
  }
  return false;
}

std::optional<Outcome> GroupTable::refuse(const Membership& member, const std::optional<Instant>& look_again) {
  const std::int64_t taken = holders(member.key, member.limit);
  if (taken + in_front(member.key, member.no, member.limit - taken) < member.limit) return std::nullopt;
  outbox_.put_off_start(member.tenant, member.no, look_again.value_or(kParked));
  return Outcome{
      .kind = Outcome::Kind::kBusy, .oldest = oldest_holder(member.key), .count = all_in_front(member.key, member.no)};
}

void GroupTable::joined(const Membership& member) {
  if (!member.waiting) return;
  const auto counted = waiting_.find(member.key);
  if (counted != waiting_.end()) ++counted->second;
}

void GroupTable::changed(const Membership& before, const Membership& after) {
  const bool left_the_queue = before.waiting && !after.waiting;
  if (left_the_queue) {
    const auto counted = waiting_.find(before.key);
    if (counted != waiting_.end() && --counted->second == 0) waiting_.erase(counted);
  }
  // Whoever leaves the queue makes another one the first of it, who may have been waiting although there is room: the
  // limit has been raised since, or the one in front was cancelled after it had been woken.
  if (left_the_queue || (after.ended && !before.ended)) wake_next(before);
}

void GroupTable::leave_to_children(const TenantId& tenant, std::int64_t ended_no) {
  struct Child {
    Membership membership;
    bool counts = false;
  };
  std::vector<Child> children;
  {
    Rows rows = connection_
                    .prepared(
                        "SELECT no, status, group_limit, group_key, id, extras FROM executions"
                        " INDEXED BY executions_living_children"
                        " WHERE parent_no IS NOT NULL AND ended_at IS NULL AND parent_no = ?")
                    .query(ended_no);
    while (rows.next()) {
      Child child{.membership = {.tenant = tenant,
                                 .no = rows.integer(0),
                                 .limit = rows.integer(2),
                                 .waiting = rows.enumeration<domain::ExecutionStatus>(1) == domain::ExecutionStatus::kQueued}};
      const auto group = rows.is_null(3) ? group_of(tenant, rows) : std::nullopt;
      if (group) child.membership.key = digest_of(tenant, *group);
      child.counts = group.has_value();
      children.push_back(std::move(child));
    }
  }
  for (const Child& child : children) {
    if (child.counts) {
      connection_.prepared("UPDATE executions SET group_key = ? WHERE no = ?")
          .execute(child.membership.key, child.membership.no);
      joined(child.membership);
    }
    leave_to_children(tenant, child.membership.no);
  }
}

std::optional<std::string> GroupTable::group_of(const TenantId& tenant, const Rows& child) {
  static const Json kNone;
  const std::string id = child.text(4);
  domain::Execution execution;
  put_extras(payloads_.open_json({tenant, kExecutionExtras, id}, child, 5, kNone), execution);
  return execution.group;
}

void GroupTable::wake_next(const Membership& member) {
  std::int64_t next = 0;
  std::int64_t limit = 0;
  {
    Rows rows = connection_
                    .prepared(
                        "SELECT no, group_limit FROM executions INDEXED BY executions_waiting"
                        " WHERE group_key IS NOT NULL AND status = 0 AND group_key = ? ORDER BY no LIMIT 1")
                    .query(member.key);
    if (!rows.next()) return;
    next = rows.integer(0);
    limit = rows.integer(1);
  }
  if (holders(member.key, limit) < limit) outbox_.hasten_start(member.tenant, next);
}

std::int64_t GroupTable::holders(const std::string& key, std::int64_t most) {
  Rows rows =
      connection_
          .prepared(
              "SELECT count(*) FROM (SELECT 1 FROM executions INDEXED BY executions_holding WHERE group_key IS NOT NULL"
              " AND status > 0 AND started_at IS NOT NULL AND ended_at IS NULL AND group_key = ? LIMIT ?)")
          .query(key, most);
  return rows.next() ? rows.integer(0) : 0;
}

std::int64_t GroupTable::in_front(const std::string& key, std::int64_t no, std::int64_t most) {
  Rows rows = connection_
                  .prepared(
                      "SELECT count(*) FROM (SELECT 1 FROM executions INDEXED BY executions_waiting"
                      " WHERE group_key IS NOT NULL AND status = 0 AND group_key = ? AND no < ? LIMIT ?)")
                  .query(key, no, most);
  return rows.next() ? rows.integer(0) : 0;
}

std::int64_t GroupTable::all_in_front(const std::string& key, std::int64_t no) {
  const std::int64_t near = in_front(key, no, kShortQueue);
  if (near < kShortQueue) return near;
  const auto count = [&](const char* sql) {
    Rows rows = connection_.prepared(sql).query(key, no);
    return rows.next() ? rows.integer(0) : 0;
  };
  auto counted = waiting_.find(key);
  if (counted == waiting_.end()) {
    const std::int64_t all = count(
        "SELECT count(*) FROM executions INDEXED BY executions_waiting"
        " WHERE group_key IS NOT NULL AND status = 0 AND group_key = ?1 AND ?2 IS NOT NULL");
    counted = waiting_.emplace(key, all).first;
  }
  return counted->second - count(
                               "SELECT count(*) FROM executions INDEXED BY executions_waiting"
                               " WHERE group_key IS NOT NULL AND status = 0 AND group_key = ? AND no >= ?");
}

ExecutionId GroupTable::oldest_holder(const std::string& key) {
  Rows rows =
      connection_
          .prepared(
              "SELECT id FROM executions INDEXED BY executions_holding WHERE group_key IS NOT NULL AND status > 0"
              " AND started_at IS NOT NULL AND ended_at IS NULL AND group_key = ?"
              " ORDER BY no LIMIT 1")
          .query(key);
  return rows.next() ? rows.id<ExecutionId>(0) : ExecutionId();
}

}  // namespace ipaas::store::sqlite
