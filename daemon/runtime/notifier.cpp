#include "daemon/runtime/notifier.h"

#include <vector>

namespace ipaas::daemon {

Notifier::Token Notifier::watch(const ExecutionId& execution, Callback callback) {
  return add(execution.str(), std::move(callback));
}

Notifier::Token Notifier::watch(const TenantId& tenant, Callback callback) {
  return add(tenant.str(), std::move(callback));
}

Notifier::Token Notifier::add(const std::string& subject, Callback callback) {
  const std::lock_guard lock(mutex_);
  const Token token = ++last_;
  watches_.emplace(token, Watch{subject, std::move(callback)});
  by_subject_.emplace(subject, token);
  return token;
}

void Notifier::unwatch(Token token) {
  const std::lock_guard lock(mutex_);
  const auto watch = watches_.find(token);
  if (watch == watches_.end()) return;
  const auto [begin, end] = by_subject_.equal_range(watch->second.subject);
  for (auto it = begin; it != end; ++it) {
    if (it->second == token) {
      by_subject_.erase(it);
      break;
    }
  }
  watches_.erase(watch);
}

void Notifier::committed(const TenantId& tenant, const ExecutionId& execution) {
  std::vector<Callback> callbacks;
  {
    const std::lock_guard lock(mutex_);
    if (watches_.empty()) return;
    for (const std::string* subject : {&tenant.str(), &execution.str()}) {
      const auto [begin, end] = by_subject_.equal_range(*subject);
      for (auto it = begin; it != end; ++it) callbacks.push_back(watches_.at(it->second).callback);
    }
  }
  for (const Callback& callback : callbacks) callback();
}

}  // namespace ipaas::daemon
