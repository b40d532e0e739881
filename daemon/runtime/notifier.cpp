#include "daemon/runtime/notifier.h"

#include <vector>

namespace ipaas::daemon {

Notifier::Token Notifier::watch(const ExecutionId& execution, Callback callback) {
  return add({execution.str(), std::move(callback)});
}

Notifier::Token Notifier::watch_end(const ExecutionId& execution, Callback callback) {
  return add({execution.str(), std::move(callback), true});
}

Notifier::Token Notifier::watch(const TenantId& tenant, Callback callback) {
  return add({tenant.str(), std::move(callback)});
}

Notifier::Token Notifier::add(Watch watch) {
  const std::lock_guard lock(mutex_);
  const Token token = ++last_;
  by_subject_.emplace(watch.subject, token);
  watches_.emplace(token, std::move(watch));
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

void Notifier::committed(const TenantId& tenant, const ExecutionId& execution, bool over) {
  std::vector<Callback> callbacks;
  {
    const std::lock_guard lock(mutex_);
    if (watches_.empty()) return;
    for (const std::string* subject : {&tenant.str(), &execution.str()}) {
      const auto [begin, end] = by_subject_.equal_range(*subject);
      for (auto it = begin; it != end; ++it) {
        const Watch& watch = watches_.at(it->second);
        if (over || !watch.only_end) callbacks.push_back(watch.callback);
      }
    }
  }
  for (const Callback& callback : callbacks) callback();
}

}  // namespace ipaas::daemon
