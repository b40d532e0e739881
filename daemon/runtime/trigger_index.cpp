#include "daemon/runtime/trigger_index.h"

namespace ipaas::daemon {

Result<void> TriggerIndex::reload(store::InstanceReader& reader) {
  const std::uint64_t ticket = ++tickets_;
  auto triggers = reader.webhook_triggers();
  if (!triggers) return tl::unexpected(triggers.error());
  auto tables = std::make_shared<Tables>();
  for (domain::WebhookTrigger& read : *triggers) {
    const auto trigger = std::make_shared<const domain::WebhookTrigger>(std::move(read));
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
