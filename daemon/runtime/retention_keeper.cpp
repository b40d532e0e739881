#include "daemon/runtime/retention_keeper.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

constexpr Duration kBetweenRounds = std::chrono::minutes(1);
/// Others commit meanwhile.
constexpr Duration kBreath = std::chrono::milliseconds(20);
constexpr std::size_t kSlice = 100;

}  // namespace

void RetentionKeeper::start() { later(kBetweenRounds, &RetentionKeeper::begin_round); }

void RetentionKeeper::later(Duration pause, Step step) {
  if (stopped_) return;
  parts_.at(parts_.clock.now() + pause, [this, step] {
    if (!stopped_) (this->*step)();
  });
}

void RetentionKeeper::on_reading_thread(Step step) {
  parts_.threads.post([this, step] {
    if (!stopped_) (this->*step)();
  });
}

void RetentionKeeper::begin_round() {
  deleted_ = 0;
  fruitless_ = 0;
  on_reading_thread(&RetentionKeeper::plan);
}

void RetentionKeeper::plan() {
  to_do_.clear();
  auto reader = parts_.readers.borrow();
  if (!reader) return end_round();
  for (const TenantId& tenant : parts_.tenants) {
    const auto workflows = workflows_of(**reader, tenant);
    if (!workflows) continue;
    auto writes = service::retention_plan(tenant, parts_.policy, *workflows, parts_.clock.now(), kSlice);
    to_do_.insert(to_do_.end(), std::make_move_iterator(writes.begin()), std::make_move_iterator(writes.end()));
  }
  std::reverse(to_do_.begin(), to_do_.end());
  purge_next();
}

Result<std::vector<service::RetainedWorkflow>> RetentionKeeper::workflows_of(store::Reader& reader, const TenantId& tenant) {
  const auto workflows = reader.workflows(tenant);
  if (!workflows) return tl::unexpected(workflows.error());
  std::vector<service::RetainedWorkflow> retained;
  for (const domain::Workflow& workflow : *workflows) {
    const auto definition = parts_.definitions.get(reader, tenant, workflow.id, workflow.version);
    if (definition) retained.push_back({workflow.id, (*definition)->retention});
  }
  return retained;
}

void RetentionKeeper::purge_next() {
  if (to_do_.empty()) return on_reading_thread(&RetentionKeeper::look_at_size);
  parts_.writer.submit(to_do_.back(), [this](const Result<store::Outcome>& outcome) { purged(outcome); });
}

/// On the writer's thread: only what comes next is arranged here.
void RetentionKeeper::purged(const Result<store::Outcome>& outcome) {
  if (stopped_) return;
  if (!outcome) return end_round();  // the disk has other worries
  deleted_ += outcome->count;
  if (outcome->count < static_cast<std::int64_t>(kSlice)) to_do_.pop_back();
  later(kBreath, &RetentionKeeper::purge_next);
}

void RetentionKeeper::look_at_size() {
  if (!parts_.max_bytes || parts_.tenants.empty()) return end_round();
  auto reader = parts_.readers.borrow();
  const auto counts = reader ? (*reader)->counts() : tl::unexpected(reader.error());
  if (!counts) return end_round();
  const auto used = static_cast<std::uint64_t>(counts->bytes_used);
  if (used <= *parts_.max_bytes) {
    warned_ = false;
    return end_round();
  }
  if (fruitless_ < parts_.tenants.size()) return make_room();
  if (!std::exchange(warned_, true)) {
    parts_.log.warn("the database is larger than retention.max_size, and no ended execution is left to delete",
                    {{"bytes", std::to_string(used)}, {"retention.max_size", std::to_string(*parts_.max_bytes)}});
  }
  end_round();
}

void RetentionKeeper::make_room() {
  store::PurgeExecutions write;
  write.tenant = parts_.tenants[next_tenant_++ % parts_.tenants.size()];
  write.ended_before = write.now = parts_.clock.now();
  write.limit = kSlice;
  parts_.writer.submit(std::move(write), [this](const Result<store::Outcome>& outcome) {
    if (stopped_) return;
    if (!outcome) return end_round();
    deleted_ += outcome->count;
    fruitless_ = outcome->count > 0 ? 0 : fruitless_ + 1;
    later(kBreath, &RetentionKeeper::purge_next);  // nothing is left to do there, so it looks at the size again
  });
}

void RetentionKeeper::end_round() {
  if (deleted_ > 0) parts_.log.info("retention has cleaned up", {{"executions", std::to_string(deleted_)}});
  later(kBetweenRounds, &RetentionKeeper::begin_round);
}

}  // namespace ipaas::daemon
