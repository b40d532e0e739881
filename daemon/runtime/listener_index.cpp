#include "daemon/runtime/listener_index.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

bool waits_for(const domain::EndListener& listener, const domain::Execution& ended) {
  // `*` is every other one: a workflow that waited for its own end, or for that of what its own end has led to, would not
  // stop, and several of them would start each other in every order.
  const bool is_other = listener.workflow != ended.workflow &&
                        std::find(ended.led_by.begin(), ended.led_by.end(), listener.workflow) == ended.led_by.end();
  const bool named = std::any_of(listener.names.begin(), listener.names.end(), [&](const std::string& name) {
    return name == "*" ? is_other : name == ended.workflow_name;
  });
  return named && std::find(listener.when.begin(), listener.when.end(), domain::status_name(ended.status)) != listener.when.end();
}

}  // namespace

Result<void> ListenerIndex::reload(store::InstanceReader& reader) {
  const std::uint64_t ticket = ++tickets_;
  auto all = reader.end_listeners();
  if (!all) return tl::unexpected(all.error());
  auto table = std::make_shared<Table>();
  for (domain::EndListener& listener : *all) (*table)[listener.tenant].push_back(std::move(listener));
  const std::lock_guard lock(mutex_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  table_ = std::move(table);
  return {};
}

std::vector<domain::EndListener> ListenerIndex::listeners(const domain::Execution& ended) const {
  std::shared_ptr<const Table> table;
  {
    const std::lock_guard lock(mutex_);
    table = table_;
  }
  std::vector<domain::EndListener> found;
  const auto tenant = table->find(ended.tenant);
  if (tenant == table->end()) return found;
  std::copy_if(tenant->second.begin(), tenant->second.end(), std::back_inserter(found),
               [&](const domain::EndListener& listener) { return waits_for(listener, ended); });
  return found;
}

}  // namespace ipaas::daemon
