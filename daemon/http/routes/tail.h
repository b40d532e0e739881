// A stream that is fed from the store whenever something was committed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {

/// Calls `feed` on a service thread at the start and after each notice, never twice at a time, until it answers false
/// or the reader is gone. Notices that come while it runs make it run once more, so nothing is missed.
class Tail : public std::enable_shared_from_this<Tail> {
 public:
  /// False: the stream has ended.
  using Feed = std::function<bool(const service::Context&, EventStream&)>;  // called by one thread at a time

  Tail(Api& api, service::Caller caller, EventStream stream, Feed feed);

  /// What shall wake it; called before start().
  void watch(const TenantId& tenant);
  void watch(const ExecutionId& execution);
  void start();

 private:
  enum class State { kIdle, kRunning, kRunAgain, kEnded };

  void notice();
  void run();
  [[nodiscard]] bool feed(const service::Context& context);
  void end();
  [[nodiscard]] std::function<void()> waker();

  Api& api_;
  const service::Caller caller_;
  EventStream stream_;
  Feed feed_;
  std::mutex mutex_;  ///< guards state_ and tokens_
  State state_ = State::kIdle;
  std::vector<Notifier::Token> tokens_;
};

}  // namespace ipaas::daemon::http
