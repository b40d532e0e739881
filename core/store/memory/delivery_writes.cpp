#include "core/store/memory/delivery_writes.h"

#include <algorithm>
#include <tuple>

#include "core/store/refusals.h"

namespace ipaas::store::memory {
namespace {

using domain::Delivery;

/// A retry is an execution of an event that was there before it.
bool is_delivery(const ExecutionRow& row) {
  return row.execution.trigger == domain::TriggerKind::kWebhook && row.execution.created_at == row.event.received_at;
}

Delivery accepted(const ExecutionRow& row) {
  Delivery delivery;
  delivery.id = row.event.id;
  delivery.tenant = row.execution.tenant;
  delivery.workflow = row.execution.workflow;
  delivery.at = row.event.received_at;
  delivery.execution = row.execution.id;
  return delivery;
}

bool is_delivery(const KeptEvent& kept) { return kept.event.trigger == domain::TriggerKind::kWebhook; }

Delivery disabled(const KeptEvent& kept) {
  Delivery delivery;
  delivery.id = kept.event.id;
  delivery.tenant = kept.event.tenant;
  delivery.workflow = kept.event.workflow;
  delivery.at = kept.event.received_at;
  delivery.fate = Delivery::Fate::kDisabled;
  return delivery;
}

void forget_oldest(std::vector<Delivery>& noted, const WorkflowId& workflow) {
  const auto of_workflow = [&](const Delivery& delivery) { return delivery.workflow == workflow; };
  auto surplus = std::count_if(noted.begin(), noted.end(), of_workflow) - static_cast<std::ptrdiff_t>(kRememberedDeliveries);
  std::erase_if(noted, [&](const Delivery& delivery) { return of_workflow(delivery) && surplus-- > 0; });
}

}  // namespace

Result<Outcome> note(Tables& tables, const NoteDeliveries& write) {
  for (const Delivery& delivery : write.deliveries) {
    if (tables.living(delivery.tenant, delivery.workflow) == nullptr) continue;
    tables.noted.push_back(delivery);
    forget_oldest(tables.noted, delivery.workflow);
  }
  return Outcome{};
}

std::vector<OpenWait> open_waits(const Tables& tables, const TenantId& tenant, const OpenWait& after, std::size_t limit) {
  std::vector<OpenWait> found;
  for (auto row = tables.executions.lower_bound(after.execution); row != tables.executions.end(); ++row) {
    if (row->second.execution.tenant != tenant || domain::has_ended(row->second.execution)) continue;
    std::vector<std::string> paths;
    for (const domain::Step& step : row->second.steps) {
      const bool seen = row->first == after.execution && step.path <= after.path;
      if (step.kind == "wait-for" && !domain::is_final(step.status) && !seen) paths.push_back(step.path);
    }
    std::sort(paths.begin(), paths.end());
    for (std::string& path : paths) {
      if (found.size() == limit) return found;
      found.push_back({row->first, std::move(path)});
    }
  }
  return found;
}

Result<std::vector<Delivery>> deliveries(const Tables& tables, const TenantId& tenant, const WorkflowId& workflow,
                                         std::size_t limit) {
  const auto row = tables.workflows.find(workflow);
  if (row == tables.workflows.end() || row->second.workflow.tenant != tenant) return no_workflow(workflow);
  std::vector<Delivery> found;
  for (const auto& [id, execution] : tables.executions) {
    if (execution.execution.workflow == workflow && is_delivery(execution)) found.push_back(accepted(execution));
  }
  for (const auto& [id, kept] : tables.events) {
    if (kept.event.workflow == workflow && is_delivery(kept)) found.push_back(disabled(kept));
  }
  std::copy_if(tables.noted.begin(), tables.noted.end(), std::back_inserter(found),
               [&](const Delivery& delivery) { return delivery.workflow == workflow; });
  std::stable_sort(found.begin(), found.end(),
                   [](const Delivery& a, const Delivery& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); });
  if (found.size() > limit) found.resize(limit);
  return found;
}

Result<KeptDelivery> delivery(const Tables& tables, const TenantId& tenant, const EventId& id) {
  const auto kept = tables.events.find(id);
  if (kept != tables.events.end() && kept->second.event.tenant == tenant && is_delivery(kept->second)) {
    return KeptDelivery{disabled(kept->second), kept->second.payload};
  }
  for (const Delivery& noted : tables.noted) {
    if (noted.id == id && noted.tenant == tenant) return KeptDelivery{noted, {}};
  }
  for (const auto& [execution, row] : tables.executions) {
    if (row.event.id == id && row.execution.tenant == tenant && is_delivery(row)) return KeptDelivery{accepted(row), row.payload};
  }
  return no_delivery(id);
}

}  // namespace ipaas::store::memory
