// A stream that is fed from the store whenever something was committed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {

/// Calls `feed` on a service thread at the start and when there is news, never twice at a time, until it answers false or
/// the reader is gone. The first news is fed at once; after that it rests, the longer the more feeding took, and then runs
/// once more for all that came meanwhile: so nothing is missed, and a long execution costs no more than a part of a thread.
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
  enum class State {
    kIdle,      ///< nothing has come since it ran
    kRunning,
    kRunAgain,  ///< running, and something has come meanwhile
    kResting,   ///< something has come, but it is too early to run again
    kEnded,
  };

  void notice();
  void begin(std::unique_lock<std::mutex> lock);
  void rested();
  void run();
  void ran(Duration took);
  void rest(Duration pause);
  [[nodiscard]] Duration pause_left() const;
  [[nodiscard]] bool feed(const service::Context& context);
  void end();
  [[nodiscard]] std::function<void()> waker();

  Api& api_;
  const service::Caller caller_;
  EventStream stream_;
  Feed feed_;
  std::mutex mutex_;  ///< guards what follows
  State state_ = State::kIdle;
  bool started_ = false;  ///< it has run for the first time
  Instant ran_at_{};
  Duration pause_{};  ///< between then and the next run
  std::vector<Notifier::Token> tokens_;
};

}  // namespace ipaas::daemon::http
