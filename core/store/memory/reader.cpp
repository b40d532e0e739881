#include <algorithm>

#include "core/store/memory/delivery_writes.h"
#include "core/store/memory/groups.h"
#include "core/store/memory/tables.h"
#include "core/store/parking.h"
#include "core/store/refusals.h"
#include "core/store/stored_limits.h"

namespace ipaas::store::memory {
namespace {

bool by_id(const domain::Schedule& a, const domain::Schedule& b) {
  return a.id < b.id;
}

/// With what is told of their workflow.
std::vector<domain::Schedule> of_workflow(const WorkflowRow& row) {
  auto schedules = row.schedules;
  for (domain::Schedule& schedule : schedules) {
    schedule.workflow_name = row.workflow.name;
    schedule.version = row.workflow.version;
    schedule.enabled = row.workflow.enabled;
  }
  return schedules;
}

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<Tables> tables) : tables_(std::move(tables)) {}

  Result<std::vector<domain::Workflow>> workflows(const TenantId& tenant) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Workflow> found;
    for (const auto& [id, row] : tables_->workflows) {
      if (!row.deleted && row.workflow.tenant == tenant) found.push_back(row.workflow);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
  }

  Result<domain::Workflow> workflow(const TenantId& tenant, std::string_view name) override {
    const std::lock_guard lock(tables_->mutex);
    const WorkflowRow* row = tables_->living(tenant, name);
    if (row == nullptr) return no_workflow(name);
    return row->workflow;
  }

  Result<domain::WorkflowVersion> workflow_version(const TenantId& tenant, const WorkflowId& workflow,
                                                   int number) override {
    const std::lock_guard lock(tables_->mutex);
    const auto row = tables_->workflows.find(workflow);
    if (row == tables_->workflows.end() || row->second.workflow.tenant != tenant || number < 1 ||
        number > row->second.workflow.version) {
      return no_version(workflow, number);
    }
    return row->second.versions[static_cast<std::size_t>(number) - 1];
  }

  Result<std::vector<domain::WorkflowVersion>> workflow_versions(const TenantId& tenant,
                                                                 const WorkflowId& workflow) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::WorkflowVersion> found;
    const auto row = tables_->workflows.find(workflow);
    if (row == tables_->workflows.end() || row->second.workflow.tenant != tenant) return found;
    found.assign(row->second.versions.rbegin(), row->second.versions.rend());
    for (domain::WorkflowVersion& version : found) version.source.clear();
    return found;
  }

  Result<domain::ExecutionSnapshot> execution(const TenantId& tenant, const ExecutionId& id) override {
    const std::lock_guard lock(tables_->mutex);
    const ExecutionRow* row = tables_->execution(tenant, id);
    if (row == nullptr) return no_execution(id);
    domain::ExecutionSnapshot snapshot{row->execution, row->event, {}, row->steps, {}};
    if (!row->payload.empty()) {
      auto payload = parse_json(row->payload, kStoredLimits);
      if (!payload) return tl::unexpected(std::move(payload.error()));
      snapshot.payload = *std::move(payload);
    }
    for (auto effect = tables_->outbox.lower_bound({id, EffectId()});
         effect != tables_->outbox.end() && effect->first.first == id; ++effect) {
      snapshot.effects.push_back(effect->second.effect);
    }
    return snapshot;
  }

  Result<domain::ExecutionSnapshot> step(const TenantId& tenant, const ExecutionId& id, std::string_view path) override {
    const std::lock_guard lock(tables_->mutex);
    const ExecutionRow* row = tables_->execution(tenant, id);
    if (row == nullptr) return no_execution(id);
    const domain::Step* found = row->steps.find(path);
    if (found == nullptr) return no_step(id, path);
    domain::ExecutionSnapshot snapshot{row->execution, row->event, {}, {}, {}};
    snapshot.execution.inputs = Json::object();
    snapshot.execution.outputs = nullptr;
    snapshot.steps.push_back(*found);
    return snapshot;
  }

  Result<ExecutionId> child(const TenantId& tenant, const domain::Parent& parent) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->children.find({parent.execution, parent.effect});
    if (found == tables_->children.end() || tables_->execution(tenant, parent.execution) == nullptr) {
      return no_child(parent);
    }
    return found->second;
  }

  Result<ExecutionId> retried_as(const TenantId& tenant, const ExecutionId& id) override {
    const std::lock_guard lock(tables_->mutex);
    const ExecutionRow* row = tables_->execution(tenant, id);
    if (row == nullptr) return ExecutionId();
    for (const auto& [other, candidate] : tables_->executions) {
      if (candidate.execution.retry_of == id && candidate.execution.tenant == tenant) return other;
    }
    return ExecutionId();
  }

  Result<GroupStanding> standing(const TenantId& tenant, const ExecutionId& id) override {
    const std::lock_guard lock(tables_->mutex);
    const ExecutionRow* row = tables_->execution(tenant, id);
    if (row == nullptr) return no_execution(id);
    return memory::standing(*tables_, *row);
  }

  Result<std::vector<domain::Attempt>> attempts(const TenantId& tenant, const ExecutionId& id) override {
    const std::lock_guard lock(tables_->mutex);
    const ExecutionRow* row = tables_->execution(tenant, id);
    if (row == nullptr) return no_execution(id);
    auto found = row->attempts;
    std::sort(found.begin(), found.end(), [](const domain::Attempt& a, const domain::Attempt& b) {
      return std::tie(a.started_at, a.path, a.number) < std::tie(b.started_at, b.path, b.number);
    });
    return found;
  }

  Result<std::vector<std::string>> masked_by(const TenantId& tenant, const std::vector<ExecutionId>& executions) override {
    const std::lock_guard lock(tables_->mutex);
    std::set<std::string> found;
    for (const ExecutionId& id : executions) {
      if (const ExecutionRow* row = tables_->execution(tenant, id)) found.insert(row->masked.begin(), row->masked.end());
    }
    return std::vector<std::string>(found.begin(), found.end());
  }

  Result<std::vector<domain::Execution>> executions(const TenantId& tenant, const ExecutionFilter& filter) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Execution> found;
    const auto& all = tables_->executions;
    auto next = filter.before.empty() ? all.end() : all.lower_bound(filter.before);
    while (next != all.begin() && found.size() < filter.limit) {
      --next;
      const domain::Execution& execution = next->second.execution;
      if (execution.tenant != tenant) continue;
      if (!filter.workflow.empty() && execution.workflow_name != filter.workflow) continue;
      if (filter.status && execution.status != *filter.status) continue;
      if (filter.dead_letters && !is_dead_letter(execution)) continue;
      if (filter.ended_before && (!execution.ended_at || *execution.ended_at >= *filter.ended_before)) continue;
      found.push_back(execution);
      found.back().inputs = Json::object();
      found.back().outputs = nullptr;
    }
    return found;
  }

  Result<std::vector<OpenWait>> open_waits(const TenantId& tenant, const OpenWait& after, std::size_t limit) override {
    const std::lock_guard lock(tables_->mutex);
    return memory::open_waits(*tables_, tenant, after, limit);
  }
  Result<std::vector<domain::Delivery>> deliveries(const TenantId& tenant, const WorkflowId& workflow,
                                                   std::size_t limit) override {
    const std::lock_guard lock(tables_->mutex);
    return memory::deliveries(*tables_, tenant, workflow, limit);
  }
  Result<KeptDelivery> delivery(const TenantId& tenant, const EventId& id) override {
    const std::lock_guard lock(tables_->mutex);
    return memory::delivery(*tables_, tenant, id);
  }

  Result<std::vector<domain::LogLine>> logs(const TenantId& tenant, const LogFilter& filter) override {
    const std::lock_guard lock(tables_->mutex);
    if (!filter.execution.empty() && tables_->execution(tenant, filter.execution) == nullptr) {
      return no_execution(filter.execution);
    }
    const auto wanted = [&](const domain::LogLine& line) {
      return line.tenant == tenant && line.sequence > filter.after && line.level >= filter.level &&
             (filter.execution.empty() || line.execution == filter.execution) &&
             (filter.workflow.empty() || line.workflow_name == filter.workflow) &&
             (!filter.since || line.at >= *filter.since);
    };
    std::vector<domain::LogLine> found;
    const auto collect = [&](auto begin, auto end) {
      for (auto line = begin; line != end && found.size() < filter.limit; ++line) {
        if (wanted(*line)) found.push_back(*line);
      }
    };
    const auto& all = tables_->logs;
    if (!filter.newest) {
      collect(all.begin(), all.end());
    } else {
      collect(all.rbegin(), all.rend());
      std::reverse(found.begin(), found.end());
    }
    return found;
  }

  Result<std::vector<domain::Credential>> credentials(const TenantId& tenant) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Credential> found;
    for (const auto& [id, credential] : tables_->credentials) {
      if (credential.tenant != tenant || credential.deleted_at) continue;
      found.push_back(credential);
      found.back().fields = Secret();
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
  }

  Result<domain::Credential> credential(const TenantId& tenant, std::string_view name) override {
    const std::lock_guard lock(tables_->mutex);
    const domain::Credential* credential = tables_->living_credential(tenant, name);
    if (credential == nullptr) return no_credential(name);
    return *credential;
  }

  Result<std::vector<domain::Schedule>> schedules(const TenantId& tenant, const WorkflowId& workflow) override {
    const std::lock_guard lock(tables_->mutex);
    const WorkflowRow* row = tables_->living(tenant, workflow);
    if (row == nullptr) return std::vector<domain::Schedule>{};
    auto found = of_workflow(*row);
    std::sort(found.begin(), found.end(), by_id);
    return found;
  }

  Result<std::vector<domain::Schedule>> all_schedules(const TenantId& tenant) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Schedule> found;
    for (const auto& [id, row] : tables_->workflows) {
      if (row.workflow.tenant != tenant) continue;
      for (domain::Schedule& schedule : of_workflow(row)) found.push_back(std::move(schedule));
    }
    std::sort(found.begin(), found.end(), [](const domain::Schedule& a, const domain::Schedule& b) {
      return std::tie(a.workflow_name, a.id) < std::tie(b.workflow_name, b.id);
    });
    return found;
  }

  Result<std::vector<domain::FiredSpan>> fired(const TenantId& tenant, const ScheduleId& schedule, Instant from,
                                               Instant to) override {
    auto all = all_schedules(tenant);
    std::erase_if(*all, [&](const domain::Schedule& other) { return other.id != schedule; });
    std::vector<domain::FiredSpan> found;
    if (all->empty()) return found;
    const std::lock_guard lock(tables_->mutex);
    for (const auto& [since, until] : tables_->spans[schedule]) {
      if (since < to && until > from) found.push_back({since, until});
    }
    return found;
  }

  Result<std::vector<domain::Variable>> variables(const TenantId& tenant) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Variable> found;
    for (const auto& [key, variable] : tables_->variables) {
      if (key.first == tenant) found.push_back(variable);
    }
    return found;
  }

  Result<domain::Tenant> tenant(std::string_view name) override {
    const std::lock_guard lock(tables_->mutex);
    const auto found = tables_->tenants.find(name);
    if (found == tables_->tenants.end()) return no_tenant(name);
    return found->second;
  }

  Result<std::vector<domain::WebhookTrigger>> webhook_triggers() override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::WebhookTrigger> found;
    for (const auto& [id, row] : tables_->workflows) {
      const auto& triggers = row.workflow.triggers;
      if (std::find(triggers.begin(), triggers.end(), domain::TriggerKind::kWebhook) == triggers.end()) continue;
      std::string tenant_name;
      for (const auto& [name, tenant] : tables_->tenants) {
        if (tenant.id == row.workflow.tenant) tenant_name = name;
      }
      found.push_back(
          {row.workflow.tenant, tenant_name, id, row.workflow.name, row.workflow.version, row.workflow.enabled});
    }
    return found;
  }

  Result<std::vector<domain::Schedule>> schedules_by_due(std::size_t limit) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Schedule> found;
    for (const auto& [id, row] : tables_->workflows) {
      if (!row.workflow.enabled) continue;
      for (domain::Schedule& schedule : of_workflow(row)) {
        if (schedule.next_due && !schedule.paused_at) found.push_back(std::move(schedule));
      }
    }
    std::sort(found.begin(), found.end(), [](const domain::Schedule& a, const domain::Schedule& b) {
      return std::tuple(domain::firing_instant(a), a.id) < std::tuple(domain::firing_instant(b), b.id);
    });
    if (found.size() > limit) found.resize(limit);
    return found;
  }

  Result<std::vector<domain::EndListener>> end_listeners() override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::EndListener> found;
    for (const auto& [id, row] : tables_->workflows) {
      if (!row.listener || !row.workflow.enabled) continue;
      found.push_back({row.workflow.tenant, id, row.workflow.name, row.workflow.version, row.listener->names,
                       row.listener->when});
      std::sort(found.back().names.begin(), found.back().names.end());
    }
    return found;
  }

  Result<std::optional<Instant>> next_effect_due() override {
    const std::lock_guard lock(tables_->mutex);
    if (tables_->due.empty() || *tables_->due.begin() == kParked) return std::optional<Instant>();
    return std::optional(*tables_->due.begin());
  }

  Result<std::vector<domain::Credential>> all_credentials() override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Credential> found;
    for (const auto& [id, credential] : tables_->credentials) found.push_back(credential);
    return found;
  }

  Result<std::vector<domain::Variable>> all_variables() override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<domain::Variable> found;
    for (const auto& [key, variable] : tables_->variables) found.push_back(variable);
    return found;
  }

  Result<std::vector<std::pair<TenantId, std::string>>> masked_values(std::size_t most) override {
    const std::lock_guard lock(tables_->mutex);
    std::map<std::int64_t, const ExecutionRow*, std::greater<>> newest;
    for (const auto& [id, row] : tables_->executions) newest.emplace(row.no, &row);
    std::map<TenantId, std::set<std::string>> known;
    std::vector<std::pair<TenantId, std::string>> found;
    for (const auto& [no, row] : newest) {
      std::set<std::string>& of_tenant = known[row->execution.tenant];
      for (auto value = row->masked.rbegin(); value != row->masked.rend(); ++value) {
        if (of_tenant.size() >= most || !of_tenant.insert(*value).second) continue;
        found.emplace_back(row->execution.tenant, *value);
      }
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

  Result<Counts> counts() override {
    const std::lock_guard lock(tables_->mutex);
    Counts counts;
    counts.executions = static_cast<std::int64_t>(tables_->executions.size());
    counts.outbox = static_cast<std::int64_t>(tables_->outbox.size());
    counts.live_executions = counts.executions - static_cast<std::int64_t>(tables_->ended.size());
    for (const auto& [id, row] : tables_->workflows) counts.workflows += !row.deleted;
    return counts;
  }

 private:
  std::shared_ptr<Tables> tables_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(std::shared_ptr<Tables> tables) {
  return std::make_unique<MemoryReader>(std::move(tables));
}

}  // namespace ipaas::store::memory
