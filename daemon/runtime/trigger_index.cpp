#include "daemon/runtime/trigger_index.h"

namespace ipaas::daemon {

Result<void> TriggerIndex::reload(store::InstanceReader& reader, store::TenantReader& definitions) {
  const std::uint64_t ticket = ++tickets_;
  auto triggers = reader.webhook_triggers();
  if (!triggers) return tl::unexpected(triggers.error());
  auto tables = std::make_shared<Tables>();
  const auto before = this->tables();
  for (domain::WebhookTrigger& read : *triggers) {
    language::WorkflowPtr definition = definition_of(read, *before, definitions);
    const auto trigger = std::make_shared<const Webhook>(Webhook{std::move(read), std::move(definition)});
    tables->by_path[trigger->tenant_name + "/" + trigger->workflow_name] = trigger;
    tables->by_id[trigger->workflow.str()] = trigger;
  }
  const std::lock_guard lock(mutex_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  tables_ = std::move(tables);
  return {};
}

/// Versions never change, so only new ones are read.
language::WorkflowPtr TriggerIndex::definition_of(const domain::WebhookTrigger& trigger, const Tables& before,
                                                  store::TenantReader& reader) {
  const auto known = before.by_id.find(trigger.workflow.str());
  if (known != before.by_id.end() && known->second->version == trigger.version && known->second->definition) {
    return known->second->definition;
  }
  auto read = definitions_.get(reader, trigger.tenant, trigger.workflow, trigger.version);
  return read ? *std::move(read) : nullptr;
}

TriggerIndex::TriggerPtr TriggerIndex::by_id(std::string_view workflow) const {
  const auto now = tables();
  const auto found = now->by_id.find(std::string(workflow));
  return found == now->by_id.end() ? nullptr : found->second;
}

TriggerIndex::TriggerPtr TriggerIndex::by_name(std::string_view tenant, std::string_view workflow) const {
  const auto now = tables();
  const auto found = now->by_path.find(std::string(tenant) + "/" + std::string(workflow));
  return found == now->by_path.end() ? nullptr : found->second;
}

std::shared_ptr<const TriggerIndex::Tables> TriggerIndex::tables() const {
  const std::lock_guard lock(mutex_);
  return tables_;
}

}  // namespace ipaas::daemon
