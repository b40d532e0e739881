#include "daemon/runtime/variable_book.h"

#include "core/base/letter_case.h"

namespace ipaas::daemon {

Result<void> VariableBook::reload(store::InstanceReader& reader) {
  const std::uint64_t ticket = ++tickets_;
  auto variables = reader.all_variables();
  if (!variables) return tl::unexpected(variables.error());
  auto pages = std::make_shared<Pages>();
  for (domain::Variable& variable : *variables) {
    std::string key = lower_case(variable.name);
    (*pages)[variable.tenant].emplace(std::move(key), std::move(variable));
  }
  const std::lock_guard lock(mutex_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  pages_ = std::move(pages);
  return {};
}

Json VariableBook::for_workflow(const TenantId& tenant, const language::Workflow& workflow) const {
  Json vars = Json::object();
  if (workflow.variables.empty()) return vars;
  std::shared_ptr<const Pages> pages;
  {
    const std::lock_guard lock(mutex_);
    pages = pages_;
  }
  const auto page = pages->find(tenant);
  if (page == pages->end()) return vars;
  const bool all = workflow.variables.contains("*");
  for (const auto& [key, variable] : page->second) {
    if (all || workflow.variables.contains(key)) vars[variable.name] = variable.value;
  }
  return vars;
}

}  // namespace ipaas::daemon
