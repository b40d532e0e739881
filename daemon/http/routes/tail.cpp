#include "daemon/http/routes/tail.h"

#include <algorithm>
#include <utility>

namespace ipaas::daemon::http {
namespace {

constexpr Duration kShortestPause = std::chrono::milliseconds(50);
/// It reads for one part of so many.
constexpr int kShareOfTime = 10;

}  // namespace

Tail::Tail(Api& api, service::Caller caller, EventStream stream, Feed feed)
    : api_(api), caller_(std::move(caller)), stream_(std::move(stream)), feed_(std::move(feed)) {}

std::function<void()> Tail::waker() {
  // Weak: the notifier must not keep a stream alive whose reader has gone.
  return [weak = weak_from_this()] {
    if (const auto tail = weak.lock()) tail->notice();
  };
}

void Tail::watch(const TenantId& tenant) { tokens_.push_back(api_.parts().notifier.watch(tenant, waker())); }

void Tail::watch(const ExecutionId& execution) { tokens_.push_back(api_.parts().notifier.watch(execution, waker())); }

void Tail::start() {
  // The stream keeps the tail alive, and lets it go when the reader leaves.
  stream_.on_close([tail = shared_from_this()] { tail->end(); });
  notice();
}

void Tail::notice() {
  std::unique_lock lock(mutex_);
  if (state_ == State::kRunning) state_ = State::kRunAgain;
  if (state_ == State::kIdle) begin(std::move(lock));
}

/// Runs, at once or when its pause is over. Gives the lock back before it does.
void Tail::begin(std::unique_lock<std::mutex> lock) {
  const Duration pause = pause_left();
  state_ = pause > Duration(0) ? State::kResting : State::kRunning;
  lock.unlock();
  if (pause > Duration(0)) {
    rest(pause);
  } else {
    run();
  }
}

void Tail::rest(Duration pause) {
  const auto& parts = api_.parts();
  parts.at(parts.clock.now() + pause, [weak = weak_from_this()] {
    if (const auto tail = weak.lock()) tail->rested();
  });
}

void Tail::rested() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kResting) return;
    state_ = State::kRunning;
  }
  run();
}

void Tail::run() {
  api_.run(caller_, [tail = shared_from_this()](Result<const service::Context*> context) {
    const auto begun = std::chrono::steady_clock::now();
    if (!context || !tail->feed(**context)) {
      tail->end();
      tail->stream_.close();
      return;
    }
    tail->ran(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun));
  });
}

void Tail::ran(Duration took) {
  std::unique_lock lock(mutex_);
  if (state_ == State::kEnded) return;
  // What was there at the start is no news.
  pause_ = std::exchange(started_, true) ? std::max(kShortestPause, took * kShareOfTime) : Duration(0);
  ran_at_ = api_.parts().clock.now();
  const bool again = state_ == State::kRunAgain;
  state_ = State::kIdle;
  if (again) begin(std::move(lock));
}

/// To be called with the lock held. Not longer than the whole, should the clock have been set back.
Duration Tail::pause_left() const { return std::min(ran_at_ + pause_ - api_.parts().clock.now(), pause_); }

bool Tail::feed(const service::Context& context) {
  try {
    return feed_(context, stream_);
  } catch (const std::exception&) {
    return false;  // the reader comes back with Last-Event-ID
  }
}

void Tail::end() {
  std::vector<Notifier::Token> tokens;
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kEnded;
    tokens.swap(tokens_);
  }
  for (const Notifier::Token token : tokens) api_.parts().notifier.unwatch(token);
}

}  // namespace ipaas::daemon::http
