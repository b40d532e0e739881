#include "core/service/retention.h"

#include "core/base/time_text.h"

namespace ipaas::service {
namespace {

constexpr int kSlicesPerRequest = 25;

/// One rule for all but those that have their own, and one for each of these.
class Plan {
 public:
  Plan(TenantId tenant, Instant now, std::size_t limit) : tenant_(std::move(tenant)), now_(now), limit_(limit) {}

  void add(std::optional<Duration> tenants, const std::vector<RetainedWorkflow>& workflows,
           std::optional<Duration> language::Retention::*own, bool payloads_only) {
    std::vector<WorkflowId> except;
    for (const RetainedWorkflow& workflow : workflows) {
      if (!(workflow.retention.*own)) continue;
      except.push_back(workflow.id);
      purge(workflow.id, *(workflow.retention.*own), payloads_only);
    }
    if (tenants) purge(std::nullopt, *tenants, payloads_only).except = std::move(except);
  }

  [[nodiscard]] std::vector<store::PurgeExecutions> take() && { return std::move(writes_); }

 private:
  store::PurgeExecutions& purge(std::optional<WorkflowId> workflow, Duration age, bool payloads_only) {
    store::PurgeExecutions& write = writes_.emplace_back();
    write.tenant = tenant_;
    write.workflow = std::move(workflow);
    write.ended_before = now_ - age;
    write.now = now_;
    write.payloads_only = payloads_only;
    write.limit = limit_;
    return write;
  }

  TenantId tenant_;
  Instant now_;
  std::size_t limit_;
  std::vector<store::PurgeExecutions> writes_;
};

}  // namespace

Result<Purged> purge_executions(const Context& context, const PurgeRequest& request) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionPurge); !allowed) {
    return tl::unexpected(allowed.error());
  }
  store::PurgeExecutions write;
  write.tenant = context.caller.tenant;
  write.ended_before = request.ended_before;
  write.now = context.clock.now();
  write.limit = kPurgeSlice;
  if (!request.workflow.empty()) {
    const auto workflow = context.reader.workflow(context.caller.tenant, request.workflow);
    if (!workflow) return tl::unexpected(workflow.error());
    write.workflow = workflow->id;
  }
  write.audit = audit(context, "execution.purge", request.workflow,
                      Json{{"ended_before", format_instant(request.ended_before)}});
  Purged purged;
  for (int slice = 0; slice < kSlicesPerRequest; ++slice) {
    auto outcome = store::write_and_wait(context.writer, write);
    if (!outcome) return tl::unexpected(outcome.error());
    purged.executions += outcome->count;
    purged.more = outcome->count >= static_cast<std::int64_t>(kPurgeSlice);
    if (!purged.more) break;
    write.audit.reset();  // one record a request
  }
  return purged;
}

std::vector<store::PurgeExecutions> retention_plan(const TenantId& tenant, const RetentionPolicy& policy,
                                                   const std::vector<RetainedWorkflow>& workflows, Instant now,
                                                   std::size_t limit) {
  Plan plan(tenant, now, limit);
  plan.add(policy.executions, workflows, &language::Retention::executions, false);
  plan.add(policy.payloads, workflows, &language::Retention::payloads, true);
  return std::move(plan).take();
}

}  // namespace ipaas::service
