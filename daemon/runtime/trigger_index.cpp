#include "daemon/runtime/trigger_index.h"

namespace ipaas::daemon {

Result<void> TriggerIndex::reload(store::InstanceReader& reader) {
  const std::uint64_t ticket = ++tickets_;
  auto triggers = reader.webhook_triggers();
  if (!triggers) return tl::unexpected(triggers.error());
  auto tables = std::make_shared<Tables>();
  for (domain::WebhookTrigger& trigger : *triggers) {
    tables->id_by_path[trigger.tenant_name + "/" + trigger.workflow_name] = trigger.workflow.str();
    tables->by_id.emplace(trigger.workflow.str(), std::move(trigger));
  }
  const std::lock_guard lock(mutex_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  tables_ = std::move(tables);
  return {};
}

std::optional<domain::WebhookTrigger> TriggerIndex::by_id(std::string_view workflow) const {
  const auto now = tables();
  const auto found = now->by_id.find(std::string(workflow));
  if (found == now->by_id.end()) return std::nullopt;
  return found->second;
}

std::optional<domain::WebhookTrigger> TriggerIndex::by_name(std::string_view tenant, std::string_view workflow) const {
  const auto now = tables();
  const auto found = now->id_by_path.find(std::string(tenant) + "/" + std::string(workflow));
  if (found == now->id_by_path.end()) return std::nullopt;
  return now->by_id.at(found->second);
}

std::shared_ptr<const TriggerIndex::Tables> TriggerIndex::tables() const {
  const std::lock_guard lock(mutex_);
  return tables_;
}

}  // namespace ipaas::daemon
