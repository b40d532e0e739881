#include "daemon/http/routes/tail.h"

namespace ipaas::daemon::http {

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
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kEnded) return;
    if (state_ != State::kIdle) {
      state_ = State::kRunAgain;
      return;
    }
    state_ = State::kRunning;
  }
  run();
}

void Tail::run() {
  api_.run(caller_, [tail = shared_from_this()](Result<const service::Context*> context) {
    if (!context || !tail->feed(**context)) {
      tail->end();
      tail->stream_.close();
      return;
    }
    {
      const std::lock_guard lock(tail->mutex_);
      if (tail->state_ == State::kEnded) return;
      const bool again = tail->state_ == State::kRunAgain;
      tail->state_ = again ? State::kRunning : State::kIdle;
      if (!again) return;
    }
    tail->run();
  });
}

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
