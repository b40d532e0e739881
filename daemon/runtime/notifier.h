// Tells those who watch that something was committed.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "core/base/ids.h"

namespace ipaas::daemon {

/// Says that there is news, not what it is: the watcher reads the store, so that nothing is missed or seen twice.
/// Thread-safe. Callbacks run on the thread that committed and must not block or call back into this.
class Notifier {
 public:
  using Callback = std::function<void()>;
  using Token = std::uint64_t;

  [[nodiscard]] Token watch(const ExecutionId& execution, Callback callback);
  /// Its end, and not what comes before.
  [[nodiscard]] Token watch_end(const ExecutionId& execution, Callback callback);
  /// Every commit that wrote log lines of the tenant.
  [[nodiscard]] Token watch(const TenantId& tenant, Callback callback);
  /// After this returns, the callback may still be running once, but will not begin again.
  void unwatch(Token token);

  /// `over`: the execution has come to a result.
  void committed(const TenantId& tenant, const ExecutionId& execution, bool over = false);

 private:
  struct Watch {
    std::string subject;  ///< the id of an execution or a tenant; prefixes keep them apart
    Callback callback;
    bool only_end = false;
  };
  [[nodiscard]] Token add(Watch watch);

  std::mutex mutex_;  ///< guards what follows
  Token last_ = 0;
  std::unordered_map<Token, Watch> watches_;
  std::unordered_multimap<std::string, Token> by_subject_;
};

}  // namespace ipaas::daemon
